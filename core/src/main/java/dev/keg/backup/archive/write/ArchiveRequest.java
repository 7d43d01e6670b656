package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.TreePath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How to archive a tree. The name is for messages. The description is arbitrary text, stored in the
 * index and at the start of the tar stream. With a previous archive, only changes are written, and
 * the new archive refers to the previous one for the rest. A file that last changed before {@code
 * settled} cannot change again without a trace in its times; see {@link
 * dev.keg.backup.archive.index.Fingerprint}. Without {@code sharing}, the archive has version 1.
 * With {@code changes}, the rest of that file is taken unread from the previous archive.
 */
public record ArchiveRequest(
    String name,
    Compression compression,
    ByteString description,
    Optional<Predecessor> previous,
    Predicate<TreePath> excluded,
    int threads,
    Instant settled,
    Optional<ContentSharing> sharing,
    Optional<Changes> changes) {
  /**
   * The ranges of a large file that may differ from the previous archive.
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

  /** For a tree whose changes are unknown. */
  public ArchiveRequest(
      String name,
      Compression compression,
      ByteString description,
      Optional<Predecessor> previous,
      Predicate<TreePath> excluded,
      int threads,
      Instant settled,
      Optional<ContentSharing> sharing) {
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

  /** For an archive of version 1. */
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

  /** Everything, in an archive that needs no other. */
  static ArchiveRequest whole(
      String name, Compression compression, ByteString description, int threads) {
    return new ArchiveRequest(
        name, compression, description, Optional.empty(), _ -> false, threads, Fingerprint.NEVER);
  }

  /** The text at the start of the tar stream. Podman would extract it as a directory. */
  Optional<ByteString> comment() {
    boolean describes = !isPartial() && !(compression instanceof Compression.Layer);
    return Optional.of(description).filter(text -> describes && !text.isEmpty());
  }

  /** Whether the archive holds only what earlier ones lack. */
  boolean isPartial() {
    return previous.isPresent() || sharing.filter(with -> !with.known().isEmpty()).isPresent();
  }
}
