package dev.keg.backup.archive.index;

import dev.keg.tree.Stat;
import java.time.Instant;

/**
 * By what a later backup sees that a file did not change since: its inode and when that last
 * changed. What was changed just before it was read might change again without a trace in its
 * times, so it has {@link #NONE}, and the next backup reads it again.
 */
public record Fingerprint(long inode, Instant changed) {
  public static final Fingerprint NONE = new Fingerprint(0, Instant.EPOCH);

  /** The coarsest clock of file systems in use: FAT counts two seconds. */
  private static final long COARSEST = 2;

  public static Fingerprint of(Stat stat, Instant now) {
    boolean settled = stat.changed().isBefore(now.minusSeconds(COARSEST));
    return settled && stat.inode() != 0 ? new Fingerprint(stat.inode(), stat.changed()) : NONE;
  }

  public boolean matches(Stat stat) {
    return !equals(NONE) && inode == stat.inode() && changed.equals(stat.changed());
  }
}
