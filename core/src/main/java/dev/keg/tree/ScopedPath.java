package dev.keg.tree;

import dev.keg.error.RegistryException.FileFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Resolves a path inside a tree, as if the tree's root were {@code /}: absolute links begin and
 * {@code ..} ends there, so no path leads outside. The result contains no links; if somebody adds
 * one later, the tree refuses to follow it.
 */
public final class ScopedPath {
  /** Linux's limit on links in one path, path_resolution(7). */
  private static final int MAX_LINKS = 40;

  private static final byte SLASH = '/';
  private static final ByteString SELF = ByteString.utf8(".");
  private static final ByteString PARENT = ByteString.utf8("..");

  private final FileTree tree;
  private final ByteString path;
  private final Deque<ByteString> names = new ArrayDeque<>();
  private TreePath at = TreePath.ROOT;
  private int links;

  private ScopedPath(FileTree tree, ByteString path) {
    this.tree = tree;
    this.path = path;
    prepend(path);
  }

  /**
   * The path need not exist.
   *
   * @param follow whether to follow a link at its end, too
   */
  public static TreePath resolve(FileTree tree, ByteString path, boolean follow) {
    return new ScopedPath(tree, path).run(follow);
  }

  private TreePath run(boolean follow) {
    while (!names.isEmpty()) {
      ByteString name = names.removeFirst();
      if (name.equals(PARENT)) {
        at = at.parent();
      } else if (!name.isEmpty() && !name.equals(SELF)) {
        enter(at.child(name), follow || !names.isEmpty());
      }
    }
    return at;
  }

  private void enter(TreePath next, boolean follow) {
    Optional<ByteString> target = follow ? tree.target(next) : Optional.empty();
    if (target.isEmpty()) {
      at = next;
      return;
    }
    if (++links > MAX_LINKS) {
      throw new FileFailure("examine", path.toString(), "too many levels of symbolic links", null);
    }
    if (target.get().at(0) == SLASH) {
      at = TreePath.ROOT;
    }
    prepend(target.get());
  }

  private void prepend(ByteString text) {
    int end = text.length();
    while (end >= 0) {
      int slash = text.substring(0, end).lastIndexOf(SLASH);
      names.addFirst(text.substring(slash + 1, end));
      end = slash;
    }
  }
}
