package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.TreePath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How to archive a tree. The name is for messages. The description is any text, kept in the index
 * and in front of the tar stream. With a previous archive only what changed since is written, and
 * the new one refers to it for the rest. What a file had before {@code settled} it has for good,
 * unless its times show a change; see {@link dev.keg.backup.archive.index.Fingerprint}. Without
 * {@code sharing} the archive is of version 1. With {@code changes} the rest of that file is taken
 * from the previous archive unread.
 */
public record ArchiveRequest(
    String name,
    Compression compression,
    ByteString description,
    Optional<Predecessor> previous,
    Predicate<TreePath> excluded,
    int threads,
    Instant settled,
    Optional<Sharing> sharing,
    Optional<Changes> changes) {
  /**
   * What of a large file may differ from what the previous archive has.
   *
   * @param ranges in order, without overlaps
   */
  public record Changes(TreePath file, List<Extent> ranges) {
    public Changes {
      ranges = List.copyOf(ranges);
    }
  }

  public ArchiveRequest {
    if (threads < 1) {
      throw new IllegalArgumentException("no threads");
    }
    if (previous.isPresent() && !(compression instanceof Compression.Zstd)) {
      throw new IllegalArgumentException("only zstd archives refer to earlier ones");
    }
  }

  /** Nothing is known of what has changed. */
  public ArchiveRequest(
      String name,
      Compression compression,
      ByteString description,
      Optional<Predecessor> previous,
      Predicate<TreePath> excluded,
      int threads,
      Instant settled,
      Optional<Sharing> sharing) {
    this(
        name,
        compression,
        description,
        previous,
        excluded,
        threads,
        settled,
        sharing,
        Optional.empty());
  }

  /** Of version 1. */
  public ArchiveRequest(
      String name,
      Compression compression,
      ByteString description,
      Optional<Predecessor> previous,
      Predicate<TreePath> excluded,
      int threads,
      Instant settled) {
    this(name, compression, description, previous, excluded, threads, settled, Optional.empty());
  }

  /** Whether the archive holds only what earlier ones have not. */
  boolean isPartial() {
    return previous.isPresent() || sharing.filter(with -> !with.known().isEmpty()).isPresent();
  }
}
