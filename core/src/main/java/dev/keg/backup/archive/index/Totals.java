package dev.keg.backup.archive.index;

/**
 * What an archive holds: entries of every kind, regular files among them, the bytes in these
 * without their holes, and how many of them changed while they were read.
 */
public record Totals(long entries, long files, long bytes, long changed) {
  public Totals {
    if (entries < 0 || files < 0 || bytes < 0 || changed < 0) {
      throw new IllegalArgumentException("negative totals");
    }
  }
}
