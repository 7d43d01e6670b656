package dev.keg.cli.command;

import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.OptionDescriptor;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg drivers}: the drivers, their options, and why one is not available. */
@Command(
    name = "drivers",
    customSynopsis = "keg drivers [OPTIONS] [DRIVER...]",
    header = "List drivers, or the options of a driver")
public final class DriversCommand implements Runnable {
  private static Rows<DriverFactory> drivers(Drivers drivers) {
    return new Rows<>(
        Columns.<DriverFactory>of("driver")
            .with("Name", "DRIVER", DriverFactory::name)
            .with(
                "Available",
                "AVAILABLE",
                driver -> driver.unmountable().map(why -> "no: " + why).orElse("yes"))
            .with("Description", "DESCRIPTION", DriverFactory::summary)
            .with(
                "Capabilities",
                "CAPABILITIES",
                driver -> String.join(",", drivers.capabilities(driver)),
                drivers::capabilities),
        List.of("Name", "Description", "Available"),
        List.of("Name", "Description"));
  }

  private static final Rows<DriverOption> OPTIONS =
      new Rows<>(
          Columns.<DriverOption>of("option")
              .with("Driver", "DRIVER", row -> row.driver().name())
              .with("Name", "OPTION", row -> row.option().key())
              .with("Value", "VALUE", row -> row.option().value())
              .with("Description", "DESCRIPTION", row -> row.option().summary()),
          List.of("Driver", "Name", "Value", "Description"),
          List.of("Name", "Value"));

  private record DriverOption(DriverFactory driver, OptionDescriptor option) {}

  @ParentCommand private Keg keg;

  @Mixin private RowOptions rows = new RowOptions();

  @Parameters(arity = "0..*", paramLabel = "DRIVER")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    if (names.isEmpty()) {
      drivers(session.drivers())
          .print(session.streams().out(), rows.format(), session.drivers().all());
      return;
    }
    List<DriverOption> options = new ArrayList<>();
    List<RuntimeException> problems = new ArrayList<>();
    for (String name : names) {
      session
          .drivers()
          .factory(name)
          .ifPresentOrElse(
              driver -> driver.options().forEach(o -> options.add(new DriverOption(driver, o))),
              () -> problems.add(session.drivers().unknown("drivers", name, name)));
    }
    OPTIONS.print(session.streams().out(), rows.format(), options);
    PartialFailure.throwIfAny(problems);
  }
}
