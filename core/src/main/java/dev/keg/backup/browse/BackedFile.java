package dev.keg.backup.browse;

import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import java.util.Optional;

/** A file in a backup, and what identifies its content. */
public record BackedFile(Entry entry, Mark mark) {
  /** What is known about content without reading it. */
  public interface Mark {
    /** Whether the contents are equal; empty if only reading them can tell. */
    Optional<Boolean> isSame(Mark other);
  }

  public TreePath path() {
    return entry.path();
  }

  /** The size of its content including holes; zero if it has none. */
  public long size() {
    return entry.kind() instanceof RegularFile file ? file.size() : 0;
  }

  public boolean isDirectory() {
    return entry.kind() instanceof Directory;
  }

  /**
   * Whether two regular files have the same content; empty if only reading them can tell. Equal
   * stored bytes prove nothing if the holes between them differ.
   */
  Optional<Boolean> hasSameContent(BackedFile other) {
    if (!(entry.kind() instanceof RegularFile one)
        || !(other.entry.kind() instanceof RegularFile two)
        || one.size() != two.size()) {
      return Optional.of(false);
    }
    return one.data().equals(two.data()) ? mark.isSame(other.mark) : Optional.empty();
  }

  /** The type in the words of {@code stat(1)}. */
  public String type() {
    return entry.kind().words();
  }
}
