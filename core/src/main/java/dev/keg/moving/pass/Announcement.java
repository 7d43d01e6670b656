package dev.keg.moving.pass;

import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind;
import dev.keg.tree.TreePath;
import java.util.List;
import java.util.Optional;

/**
 * An announcement of the source about a file, in the order of a walk; the content follows if it is
 * needed.
 */
sealed interface Announcement {
  TreePath path();

  /** A directory begins, with exactly these names. */
  record Enter(TreePath path, List<ByteString> names) implements Announcement {
    public Enter {
      names = List.copyOf(names);
    }
  }

  /** A directory's content is complete. */
  record Leave(TreePath path, Attributes attributes) implements Announcement {}

  /**
   * A regular file.
   *
   * @param linked whether it has other names
   */
  record Content(
      TreePath path, Attributes attributes, long size, boolean linked, Knowledge knowledge)
      implements Announcement {}

  /** A file that the other host does not need. */
  record Gone(TreePath path) implements Announcement {}

  /** Another name of an earlier file. */
  record Link(TreePath path, TreePath target) implements Announcement {}

  /** A file without content: a symbolic link, a pipe or a device. */
  record Special(TreePath path, FileKind kind, Attributes attributes) implements Announcement {}

  /**
   * What the source knows about a file that the other host may have.
   *
   * @param unchanged whether a file with the same attributes has the same content
   * @param digest a hash of the content, for comparing
   */
  record Knowledge(boolean unchanged, Optional<ByteString> digest) {
    static final Knowledge UNCHANGED = new Knowledge(true, Optional.empty());
    static final Knowledge NONE = new Knowledge(false, Optional.empty());

    static Knowledge of(ByteString digest) {
      return new Knowledge(false, Optional.of(digest));
    }
  }

  /** The part of a file that the other host needs. */
  sealed interface Need {
    /** Nothing. */
    record Nothing() implements Need {}

    /** All of it. */
    record Whole() implements Need {}

    /** The blocks whose hashes differ from these concatenated ones. */
    record Blocks(ByteString hashes) implements Need {}
  }
}
