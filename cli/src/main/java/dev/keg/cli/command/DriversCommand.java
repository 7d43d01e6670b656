package dev.keg.cli.command;

import dev.keg.cli.action.DriverLists;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.WrongUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg drivers}: the drivers, their options, and why one is not available. */
@Command(name = "drivers", customSynopsis = "keg drivers [OPTIONS] [DRIVER...]")
public final class DriversCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Mixin private RowOptions rows = new RowOptions(DriverLists::rows);

  @Option(
      names = "--discover",
      paramLabel = "host",
      description = "List what this server offers for the drivers named")
  private Optional<String> discover = Optional.empty();

  @Parameters(arity = "0..*", paramLabel = "DRIVER")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    WrongUse.throwIf(discover.isPresent() && names.isEmpty(), "--discover requires a DRIVER");
    DriverLists lists = new DriverLists(keg.session(), rows);
    if (discover.isPresent()) {
      lists.offers(names, discover.get());
    } else if (names.isEmpty()) {
      lists.drivers();
    } else {
      lists.options(names);
    }
  }
}
