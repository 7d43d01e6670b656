package dev.keg.backup.archive.index;

/**
 * The contents of an archive: all entries, the regular files among them, the bytes in those without
 * holes, and the number of files that changed while they were read.
 */
public record Totals(long entries, long files, long bytes, long changed) {
  public Totals {
    if (entries < 0 || files < 0 || bytes < 0 || changed < 0) {
      throw new IllegalArgumentException("negative totals");
    }
  }
}
