package dev.keg.backup.archive.write;

import dev.keg.backup.archive.index.Totals;

/**
 * What a backup came to: what is in the archive, how many names the tree had (more than entries if
 * some were left out), how many files were unreadable, and how many bytes were written.
 */
public record ArchiveSummary(Totals totals, long names, long unreadable, long written) {}
