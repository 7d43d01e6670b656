package dev.keg.moving;

import dev.keg.backup.save.BackupContext;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.moving.pass.SendingPass.KnownTimes;
import dev.keg.moving.pass.SendingPass.Result;
import dev.keg.tree.FileTree;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Brings the other host's copy closer to the volume with every pass.
 *
 * <p>A file counts as equal on both hosts if it last changed before the beginning of a completed
 * pass, and has the same attributes there. Each pass begins with a sync, so that a later change
 * shows in a file's times even if it is made through a mapping.
 */
final class Transfer {
  /** This much is sent while the volume is held rather than in another pass. */
  private static final long LITTLE = 16 << 20;

  private static final int MOST_PASSES = 6;

  private final BackupContext context;
  private final Receiver other;
  private final Consumer<Instant> progress;
  private Instant since;
  private Instant verified = Instant.EPOCH;
  private long bytes;

  /**
   * @param since the other host has the changes before this time; the epoch for none
   * @param progress receives a later such time
   */
  Transfer(BackupContext context, Receiver other, Instant since, Consumer<Instant> progress) {
    this.context = context;
    this.other = other;
    this.since = since;
    this.progress = progress;
  }

  /** The content bytes sent. */
  long bytes() {
    return bytes;
  }

  /** Sends everything while the volume is in use, then the changes, until those are small. */
  void whileInUse(FileTree tree) {
    long before = Long.MAX_VALUE;
    for (int pass = 1; pass <= MOST_PASSES; pass++) {
      long sent = pass(tree);
      if (sent < LITTLE || sent > before / 2) {
        break;
      }
      before = sent;
    }
    verify(tree);
  }

  /** Sends the changes; returns their amount. */
  long pass(FileTree tree) {
    Instant begun = begin(tree);
    if (since.equals(Instant.EPOCH)) {
      progress.accept(begun); // everything that arrives in this pass is from this time or later
    }
    Result result = other.pass(tree, new KnownTimes(since, Instant.EPOCH));
    end(begun, result);
    return result.bytes();
  }

  private Instant begin(FileTree tree) {
    Instant now = context.clock().instant();
    return tree.settle() ? now : Instant.EPOCH;
  }

  private void end(Instant begun, Result result) {
    bytes += result.bytes();
    since = begun;
    progress.accept(begun);
  }

  /** Compares what is assumed equal, and sends whatever changed or differs. */
  private void verify(FileTree tree) {
    Instant compared = since;
    Instant begun = begin(tree);
    Result result = other.pass(tree, new KnownTimes(Instant.EPOCH, compared));
    end(begun, result);
    verified = result.differing().isEmpty() ? compared : Instant.EPOCH;
  }

  /** Refuses a copy with any difference; nobody uses the volume now. */
  void requireSame(FileTree tree, String volume) {
    Result result = other.pass(tree, new KnownTimes(verified, KnownTimes.ALWAYS));
    bytes += result.bytes();
    result
        .differing()
        .ifPresent(
            path -> {
              throw new MoveFailed(
                  volume,
                  "the copy of %s differs from it".formatted(path),
                  "if a program writes to the volume without Keg's knowledge, stop it; then run it"
                      + " again");
            });
  }
}
