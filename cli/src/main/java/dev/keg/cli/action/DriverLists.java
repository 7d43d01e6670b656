package dev.keg.cli.action;

import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.driver.Discovers.Offer;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.MountPower;
import dev.keg.driver.OptionDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The lists of {@code keg drivers}: drivers, their options, and the offers of a server. */
public record DriverLists(Session session, RowOptions rows) {
  /** The drivers. */
  public static Rows<DriverFactory> rows(Session session) {
    return rows(session.drivers(), session.platform().mountPowers());
  }

  private static Rows<DriverFactory> rows(Drivers drivers, Set<MountPower> here) {
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
                driver -> String.join(",", drivers.capabilities(driver, here)),
                driver -> drivers.capabilities(driver, here)),
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

  private static final Rows<Offered> OFFERS =
      new Rows<>(
          Columns.<Offered>of("offer")
              .with("Driver", "DRIVER", Offered::driver)
              .with("Name", "NAME", row -> row.offer().name())
              .with("Option", "OPTION", row -> row.offer().option())
              .with("Description", "DESCRIPTION", row -> row.offer().description()),
          List.of("Driver", "Name", "Option", "Description"),
          List.of("Option"));

  /** A server's offer to a driver. */
  private record Offered(String driver, Offer offer) {}

  /** An option of a driver. */
  private record DriverOption(DriverFactory driver, OptionDescriptor option) {}

  public void drivers() {
    rows(session).print(session.streams().out(), rows.format(), session.drivers().all());
  }

  public void options(List<String> names) {
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

  public void offers(List<String> names, String host) {
    List<Offered> offers = new ArrayList<>();
    for (String name : names) {
      session.drivers().discover(name, host).forEach(o -> offers.add(new Offered(name, o)));
    }
    OFFERS.print(session.streams().out(), rows.format(), offers);
  }
}
