package dev.keg.cli.action;

import dev.keg.cli.option.MoveOptions;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.CopyReport;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import dev.keg.moving.MoveDestination;
import dev.keg.moving.Moving;
import dev.keg.moving.Moving.Moved;
import dev.keg.policy.PolicyKey;
import dev.keg.policy.VolumeFacts;
import dev.keg.policy.VolumePolicy;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.util.Optional;

/** A run of {@code keg move}: moves a volume, or undoes a move that has begun. */
public record MoveRun(Session session, VolumeName name, MoveOptions how, ResultOptions results) {
  /**
   * Moves the volume; fails at the end, after reporting the result, if something was not copied
   * exactly.
   */
  public void to(Optional<MoveDestination> destination) {
    CopyReport report =
        new CopyReport(
            "move", session.streams().err(), Progress.of(session, "move " + name, this::usage));
    Result result;
    try {
      result = to(destination, report);
    } finally {
      report.end();
    }
    results.print(session, result);
    report.requireWhole();
  }

  private Result to(Optional<MoveDestination> destination, CopyReport report) {
    if (how.pool().isPresent()) {
      Moved moved =
          session.relocating(report).move(how.request(name, Optional.empty()), how.pool().get());
      warnOfPolicy(how.pool().get());
      return result(moved, "Moved");
    }
    Moving moving = session.moving(how.remote(), report);
    if (how.undo()) {
      boolean copied = session.relocating(report).undo(name);
      return copied && !moving.hasBegun(name)
          ? Result.ofVolume(name.text(), "Undone")
          : undo(moving);
    }
    return move(moving, destination);
  }

  private void warnOfPolicy(PoolName pool) {
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
                      "under %s of the policy, `keg maintain` will move %s to pool %s; to keep it here: keg update --label-add keg.pool=%s %s"
                          .formatted(wanted.source(), name, wanted.value(), pool, name)));
    } catch (VolumeException e) {
      session.warn("the volume has moved, but " + e.getMessage());
    }
  }

  private Size usage() {
    return session.volumes().usage(session.registry().get("move", name));
  }

  private Result move(Moving moving, Optional<MoveDestination> destination) {
    Moved moved = moving.move(how.request(name, destination));
    Result result = result(moved, moved.old().isPresent() ? "Moved" : "Copied");
    return moved.old().map(old -> result.with("Old", old.text())).orElse(result);
  }

  private Result result(Moved moved, String word) {
    return Result.ofVolume(name.text(), word)
        .with("To", moved.to())
        .with("Name", moved.name().text())
        .with("Sent", moved.bytes())
        .with("HeldSeconds", moved.held().toMillis() / 1000.0);
  }

  private Result undo(Moving moving) {
    if (!moving.undo(name, how.force())) {
      session.warn("the copy on the other host may still be there");
    }
    return Result.ofVolume(name.text(), "Undone");
  }
}
