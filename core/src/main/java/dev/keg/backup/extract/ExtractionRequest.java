package dev.keg.backup.extract;

import dev.keg.tree.FileTree;
import dev.keg.tree.TreePath;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What to extract from an archive: which paths (with the directories that lead to them), how far it
 * is trusted, how much it may hold, whether sound files are restored when others are damaged, and
 * on how many threads.
 *
 * @param live opens the tree that takes another's place; what the archive has as well is taken from
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

  /** Whether all that the archive holds is asked for, so that none of it is left unread. */
  boolean whole() {
    return !(wanted instanceof Selection);
  }

  /** All of an archive. */
  public static ExtractionRequest all(Trust trust, RestoreLimits limits, int threads) {
    return new ExtractionRequest(_ -> true, trust, limits, false, threads);
  }
}
