package dev.keg.backup.archive.write;

import dev.keg.backup.archive.index.Totals;

/**
 * The result of writing an archive.
 *
 * @param totals the contents of the archive
 * @param names the number of names in the tree, which exceeds the entries if some were left out
 * @param unreadable how many files could not be read
 * @param mounts how many file systems mounted inside the tree were not entered
 * @param rewritten how many unchanged files were written again, because of damage in the archive
 *     that this one builds on
 * @param written how many bytes were written
 */
public record ArchiveSummary(
    Totals totals, long names, long unreadable, long mounts, long rewritten, long written) {
  /** How many names are missing from the archive although nobody excluded them. */
  public long leftOut() {
    return unreadable + mounts;
  }
}
