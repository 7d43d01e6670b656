package dev.keg.backup.extract;

import dev.keg.backup.archive.Archive.PageFilter;
import dev.keg.tree.FileTree;
import dev.keg.tree.TreePath;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What to extract from an archive: which paths (with their parent directories), how far to trust
 * it, its size limits, whether to restore sound files if others are damaged, and the number of
 * threads.
 *
 * @param live opens the tree that will be replaced; content that the archive also has is taken from
 *     there
 */
public record ExtractionRequest(
    Predicate<TreePath> wanted,
    Trust trust,
    RestoreLimits limits,
    boolean keepSound,
    int threads,
    Optional<Supplier<FileTree>> live) {
  public ExtractionRequest {
    if (threads < 1) {
      throw new IllegalArgumentException("no threads");
    }
  }

  public ExtractionRequest(
      Predicate<TreePath> wanted,
      Trust trust,
      RestoreLimits limits,
      boolean keepSound,
      int threads) {
    this(wanted, trust, limits, keepSound, threads, Optional.empty());
  }

  /** The pages of an index to read. */
  PageFilter pages() {
    return wanted instanceof Selection selection ? selection.pages() : PageFilter.all();
  }

  /** Whether everything in the archive is wanted, so that no part of it is left unread. */
  boolean whole() {
    return !(wanted instanceof Selection);
  }

  /** Everything in an archive. */
  public static ExtractionRequest all(Trust trust, RestoreLimits limits, int threads) {
    return new ExtractionRequest(_ -> true, trust, limits, false, threads);
  }
}
