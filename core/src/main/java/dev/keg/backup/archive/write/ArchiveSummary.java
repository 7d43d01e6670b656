package dev.keg.backup.archive.write;

import dev.keg.backup.archive.index.Totals;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of writing an archive.
 *
 * @param totals the contents of the archive
 * @param names the number of names in the tree, which exceeds the entries if some were left out
 * @param unreadable how many files could not be read
 * @param mounts how many file systems mounted inside the tree were not entered
 * @param rewritten how many unchanged files were written again, because of damage in the archive
 *     that this one builds on
 * @param flagged how many files have flags, which the archive lacks
 * @param written how many bytes were written
 */
public record ArchiveSummary(
    Totals totals,
    long names,
    long unreadable,
    long mounts,
    long rewritten,
    long flagged,
    long written) {
  /** How many names are missing from the archive although nobody excluded them. */
  public long leftOut() {
    return unreadable + mounts;
  }

  /** What the operator should know of an archive that is nevertheless good. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (rewritten > 0) {
      warnings.add(
          "earlier backups are damaged; unchanged files written again: %d".formatted(rewritten));
    }
    if (flagged > 0) {
      warnings.add(
          "flags set by chattr are not saved (immutable, append-only, no dump); files that have them: %d"
              .formatted(flagged));
    }
    return warnings;
  }
}
