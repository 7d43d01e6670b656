package dev.keg.cli.command;

import dev.keg.cli.option.ComposeOptions;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.Volumes;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg rm}. */
@Command(name = "rm", customSynopsis = "keg rm [OPTIONS] VOLUME [VOLUME...]")
public final class RmCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private ComposeOptions compose = new ComposeOptions();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(
      names = {"-f", "--force"},
      description = "Force the removal of one or more volumes; a volume in use is never removed")
  private boolean force;

  @Option(names = "--delete-data", description = "Also delete adopted files and directories")
  private boolean deleteData;

  @Option(names = "--snapshots", description = "Also remove the snapshots of the volumes")
  private boolean snapshots;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    WrongUse.throwIfAny(compose.conflict(!names.isEmpty()));
    if (names.isEmpty() && !compose.given()) {
      throw new MissingParameterException(
          spec.commandLine(), spec.positionalParameters().getFirst(), "");
    }
    Session session = keg.session(quiet.given());
    PartialFailure.forEach(
        compose.given() ? ofCompose(session) : names,
        name -> {
          Progress.run(session, "rm " + name, () -> remove(session.volumes(), name));
          results.print(session, Result.ofVolume(name, "Removed"));
        });
  }

  private void remove(Volumes volumes, String name) {
    volumes.remove(
        name,
        force ? Removal.Mode.FORCE : Removal.Mode.NORMAL,
        deleteData ? Removal.Adopted.DELETE : Removal.Adopted.KEEP,
        snapshots ? Removal.OwnSnapshots.DELETE : Removal.OwnSnapshots.REFUSE);
  }

  /**
   * The volumes of a compose file. As in compose, external volumes stay, and missing ones are no
   * error.
   */
  private List<String> ofCompose(Session session) {
    return compose.volumes(session).stream()
        .filter(volume -> !volume.mustExist())
        .flatMap(volume -> volume.name().stream())
        .map(VolumeName::text)
        .filter(session.volumes()::exists)
        .toList();
  }
}
