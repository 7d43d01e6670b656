package dev.keg.backup.archive.index;

import dev.keg.tree.Stat;
import java.time.Instant;

/**
 * By what a later backup sees that a file did not change since: its inode and when that last
 * changed. A file that changed after all files were written out may change again without a trace in
 * its times, through a mapping or within one tick of the clock. It has {@link #NONE}, and the next
 * backup reads it again.
 */
public record Fingerprint(long inode, Instant changed) {
  public static final Fingerprint NONE = new Fingerprint(0, Instant.EPOCH);

  /** For files that were not written out, or whose file system does not tell of all changes. */
  public static final Instant NEVER = Instant.EPOCH;

  /** The coarsest clock of file systems in use: FAT counts two seconds. */
  private static final long COARSEST = 2;

  /**
   * The file's fingerprint; none if it changed too late to be sure of.
   *
   * @param settled when all files began to be written out
   */
  public static Fingerprint of(Stat stat, Instant settled) {
    boolean old = stat.changed().isBefore(settled.minusSeconds(COARSEST));
    return old && stat.inode() != 0 ? new Fingerprint(stat.inode(), stat.changed()) : NONE;
  }

  public boolean matches(Stat stat) {
    return !equals(NONE) && inode == stat.inode() && changed.equals(stat.changed());
  }
}
