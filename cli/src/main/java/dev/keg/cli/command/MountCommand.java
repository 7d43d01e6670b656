package dev.keg.cli.command;

import dev.keg.cli.action.MountRun;
import dev.keg.cli.option.AccessOptions;
import dev.keg.cli.option.MountUse;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.SetUpOptions;
import dev.keg.cli.option.SpecOptions;
import dev.keg.cli.output.MountColumns;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.volumeset.MountListing;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg mount}, which has four {@linkplain MountUse uses}. */
@Command(name = "mount", customSynopsis = "keg mount [OPTIONS] [VOLUME [TARGET]]")
public final class MountCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private SpecOptions specs = new SpecOptions();
  @Mixin private SetUpOptions setUp = new SetUpOptions();
  @Mixin private AccessOptions access = new AccessOptions();
  @Mixin private RowOptions rows = new RowOptions(MountCommand::rows);

  @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME")
  private Optional<String> volume = Optional.empty();

  @Parameters(index = "1", arity = "0..1", paramLabel = "TARGET")
  private Optional<String> target = Optional.empty();

  @Override
  public void run() {
    MountUse use = MountUse.of(volume.isPresent(), target.isPresent(), specs.given());
    WrongUse.throwIfAny(use.conflict(spec, setUp.container().isPresent(), volume.isPresent()));
    Session session = keg.session();
    switch (use) {
      case LIST -> list(session);
      case DATA -> reveal(session, volume.orElseThrow());
      case TARGET ->
          new MountRun(session, setUp, rows)
              .mount(volume.orElseThrow(), target.orElseThrow(), access);
      case CONTAINER -> new MountRun(session, setUp, rows).mount(specs.read(session));
    }
  }

  private static Rows<MountListing.Entry> rows(Session session) {
    return MountColumns.rows(session.zone());
  }

  private void list(Session session) {
    session.warnOfMissingRoot();
    MountListing listing = MountListing.of(session.mounts());
    rows(session).print(session.streams().out(), rows.format(), listing.of(setUp.container()));
    PartialFailure.throwIfAny(listing.problems());
  }

  private void reveal(Session session, String volume) {
    String path = session.dataAccess().reveal(volume).toString();
    rows.print(session, Result.of(path).with("Volume", volume).with("Path", path));
  }
}
