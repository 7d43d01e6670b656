package dev.keg.cli.command;

import dev.keg.cli.action.MoveRun;
import dev.keg.cli.option.MoveOptions;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.moving.MoveDestination;
import dev.keg.moving.Receiving;
import dev.keg.volume.VolumeName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code keg move}: moves a volume to another host or pool, during which nobody can use it for a
 * short time.
 */
@Command(name = "move", customSynopsis = "keg move [OPTIONS] VOLUME [ssh://HOST | --pool NAME]")
public final class MoveCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private MoveOptions how = new MoveOptions();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DESTINATION",
      description = "Destination; not needed to continue a move")
  private Optional<String> destination = Optional.empty();

  @Override
  public void run() {
    WrongUse.throwIfAny(how.conflict(destination.isPresent()));
    Session session = keg.session(quiet.given());
    VolumeName name = session.registry().openFor("move", volume);
    if (how.accept()) {
      new Receiving(session.backups()).accept(name);
      results.print(session, Result.ofVolume(name.text(), "Accepted"));
    } else {
      MoveRun move = new MoveRun(session, name, how, results);
      Interruption.run(() -> move.to(destination.map(MoveDestination::parse)));
    }
  }
}
