package dev.keg.cli.command;

import dev.keg.cli.option.MoveOptions;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.CopyReport;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.VolumeException;
import dev.keg.moving.Destination;
import dev.keg.moving.Moving;
import dev.keg.moving.Moving.Moved;
import dev.keg.moving.Receiving;
import dev.keg.policy.PolicyKey;
import dev.keg.policy.VolumeFacts;
import dev.keg.policy.VolumePolicy;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg move}: a volume to another host or pool; nobody can use it for a little while. */
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
      description = "Where to; a move that has begun goes on without it")
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
      Interruption.run(() -> run(session, name));
    }
  }

  private void run(Session session, VolumeName name) {
    CopyReport report =
        new CopyReport(
            "move",
            session.streams().err(),
            Progress.of(session, "move " + name, () -> usage(session, name)));
    Result result;
    try {
      result = run(session, name, report);
    } finally {
      report.end();
    }
    results.print(session, result);
    report.requireWhole();
  }

  private Result run(Session session, VolumeName name, CopyReport report) {
    if (how.pool().isPresent()) {
      Moved moved =
          session.relocating(report).move(how.request(name, Optional.empty()), how.pool().get());
      warnOfPolicy(session, name, how.pool().get());
      return moved(name, moved, "Moved");
    }
    Moving moving = session.moving(how.remote(), report);
    if (how.undo()) {
      boolean copied = session.relocating(report).undo(name);
      return copied && !moving.hasBegun(name)
          ? Result.ofVolume(name.text(), "Undone")
          : undo(session, moving, name);
    }
    return move(moving, name);
  }

  private static void warnOfPolicy(Session session, VolumeName name, PoolName pool) {
    try {
      VolumePolicy policy =
          session
              .policies()
              .of(session.registry().get("move", name), VolumeFacts.of(session.backups()));
      Optional.ofNullable(policy.settings().get(PolicyKey.POOL))
          .filter(wanted -> !wanted.value().equals(pool.text()))
          .ifPresent(
              wanted ->
                  session.warn(
                      "by %s of the policy, `keg maintain` will move %s to pool %s; to keep it: keg update --label-add keg.pool=%s %s"
                          .formatted(wanted.source(), name, wanted.value(), pool, name)));
    } catch (VolumeException e) {
      session.warn("it has moved, but " + e.getMessage());
    }
  }

  private static Size usage(Session session, VolumeName name) {
    return session.volumes().usage(session.registry().get("move", name));
  }

  private Result move(Moving moving, VolumeName name) {
    Moved moved = moving.move(how.request(name, destination.map(Destination::parse)));
    Result result = moved(name, moved, moved.old().isPresent() ? "Moved" : "Copied");
    return moved.old().map(old -> result.with("Old", old.text())).orElse(result);
  }

  private static Result moved(VolumeName name, Moved moved, String word) {
    return Result.ofVolume(name.text(), word)
        .with("To", moved.to())
        .with("Name", moved.name().text())
        .with("Sent", moved.bytes())
        .with("HeldSeconds", moved.held().toMillis() / 1000.0);
  }

  private Result undo(Session session, Moving moving, VolumeName name) {
    if (!moving.undo(name, how.force())) {
      session.warn("what arrived on the other host may still be there");
    }
    return Result.ofVolume(name.text(), "Undone");
  }
}
