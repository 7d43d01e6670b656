package dev.keg.backup.archive.index;

import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the paths of an index page. In version 2, they are relative to the page's base, the
 * deepest directory that contains all of its entries, so that the page stays the same if that
 * directory is renamed.
 *
 * <pre>
 * path    bytes shared with the path before, length of the rest, the rest
 * target  of a hard link, since version 2: relative to the base, or with a leading slash
 * </pre>
 */
final class PathCodec {
  private static final ByteString SLASH = ByteString.utf8("/");

  private final TreePath first;
  private final boolean moves;
  private ByteString last = ByteString.EMPTY;

  /** When a page is read, known after its first path. */
  private @Nullable TreePath base;

  private PathCodec(@Nullable TreePath base, TreePath first, boolean moves) {
    this.base = base;
    this.first = first;
    this.moves = moves;
  }

  /** For a page of version 1. */
  static PathCodec absolute() {
    return new PathCodec(TreePath.ROOT, TreePath.ROOT, false);
  }

  /** Writes a page of version 2 whose entries are all below the base. */
  static PathCodec writing(TreePath base) {
    return new PathCodec(base, TreePath.ROOT, true);
  }

  /** Reads a page of version 2 whose first entry has that path. */
  static PathCodec reading(TreePath first) {
    return new PathCodec(null, first, true);
  }

  private TreePath base() {
    return base == null ? TreePath.ROOT : base;
  }

  void put(IndexBytes out, TreePath path) {
    ByteString bytes = path.below(base()).bytes();
    int common = last.commonPrefix(bytes);
    out.number(common).bytes(bytes.substring(common, bytes.length()));
    last = bytes;
  }

  TreePath path(IndexInput in) {
    int common = in.count();
    if (common > last.length()) {
      throw new IllegalArgumentException("a path that shares more than there is");
    }
    last = last.substring(0, common).plus(in.bytes());
    TreePath relative = path(last);
    if (base == null) {
      base = base(first, relative);
    }
    return base.resolve(relative);
  }

  private static TreePath base(TreePath first, TreePath relative) {
    TreePath base = first;
    for (int depth = relative.depth(); depth > 0; depth--) {
      base = base.parent();
    }
    if (!base.resolve(relative).equals(first)) {
      throw new IllegalArgumentException("it begins with a different path from " + first);
    }
    return base;
  }

  /** A target below the base moves with it. */
  void putTarget(IndexBytes out, TreePath target) {
    boolean below = !moves || (target.isWithin(base()) && !target.equals(base()));
    out.bytes(below ? target.below(base()).bytes() : SLASH.plus(target.bytes()));
  }

  TreePath target(IndexInput in) {
    ByteString bytes = in.bytes();
    boolean below = !moves || !bytes.startsWith(SLASH);
    return below ? base().resolve(path(bytes)) : path(bytes.substring(1, bytes.length()));
  }

  /** Accepts a path only in its canonical form. */
  private static TreePath path(ByteString bytes) {
    TreePath path = bytes.isEmpty() ? TreePath.ROOT : TreePath.parse(bytes);
    if (!path.bytes().equals(bytes)) {
      throw new IllegalArgumentException("the path " + bytes);
    }
    return path;
  }
}
