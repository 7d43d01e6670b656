package dev.keg.backup.archive.write;

import dev.keg.backup.archive.index.Totals;

/**
 * What a backup came to.
 *
 * @param totals what is in the archive
 * @param names how many the tree has: more than there are entries if some were left out
 * @param unreadable how many files could not be read
 * @param mounts how many file systems mounted inside the tree were not entered
 * @param rewritten how many unchanged files were written again, because of damage in the archive
 *     that this one builds on
 * @param written how many bytes were written
 */
public record ArchiveSummary(
    Totals totals, long names, long unreadable, long mounts, long rewritten, long written) {
  /** How much of the tree is not in the archive, though nobody excluded it. */
  public long leftOut() {
    return unreadable + mounts;
  }
}
