package dev.keg.backup.archive.index;

import dev.keg.tree.Stat;
import java.time.Instant;

/**
 * How a later backup recognises that a file has not changed: its inode and the time when that last
 * changed. A file that changed after the sync began may change again without a trace in its times,
 * through a mapping or within one clock tick. It gets {@link #NONE}, and the next backup reads it
 * again.
 */
public record Fingerprint(long inode, Instant changed) {
  public static final Fingerprint NONE = new Fingerprint(0, Instant.EPOCH);

  /** For files that were not synced, or whose file system does not report all changes. */
  public static final Instant NEVER = Instant.EPOCH;

  /** The coarsest clock of common file systems: FAT counts in units of two seconds. */
  private static final long COARSEST = 2;

  /**
   * The file's fingerprint; none if it changed too late to be sure.
   *
   * @param settled when the sync of all files began
   */
  public static Fingerprint of(Stat stat, Instant settled) {
    boolean old = stat.changed().isBefore(settled.minusSeconds(COARSEST));
    return old && stat.inode() != 0 ? new Fingerprint(stat.inode(), stat.changed()) : NONE;
  }

  public boolean matches(Stat stat) {
    return !equals(NONE) && inode == stat.inode() && changed.equals(stat.changed());
  }
}
