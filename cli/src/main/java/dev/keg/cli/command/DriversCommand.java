package dev.keg.cli.command;

import dev.keg.cli.output.Columns;
import dev.keg.cli.output.Format;
import dev.keg.cli.output.Rows;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.error.DriverException.UnknownDriver;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg drivers}: what there is, what it takes, and why it is not available here. */
@Command(
    name = "drivers",
    customSynopsis = "keg drivers [OPTIONS] [DRIVER...]",
    header = "List the drivers, or the options of some")
public final class DriversCommand implements Runnable {
  private static final Rows<DriverFactory> DRIVERS =
      new Rows<>(
          Columns.<DriverFactory>of("driver")
              .with("Name", "DRIVER", DriverFactory::name)
              .with(
                  "Available",
                  "AVAILABLE",
                  driver -> driver.unavailable().map(why -> "no: " + why).orElse("yes"))
              .with("Description", "DESCRIPTION", DriverFactory::summary),
          List.of("Name", "Description", "Available"),
          List.of("Name", "Description"));

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

  @Option(
      names = "--format",
      paramLabel = "string",
      defaultValue = "",
      description = "Format output: 'table', 'table TEMPLATE', 'json', 'raw' or a Go template")
  private String format;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only display names")
  private boolean quiet;

  @Parameters(arity = "0..*", paramLabel = "DRIVER")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    Format rows = Format.of(format, quiet);
    if (names.isEmpty()) {
      DRIVERS.print(session.streams().out(), rows, session.drivers().all());
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
              () -> problems.add(new UnknownDriver("drivers", name, name)));
    }
    OPTIONS.print(session.streams().out(), rows, options);
    PartialFailure.throwIfAny(problems);
  }
}
