package dev.keg.tree;

/** One file of a tree, without its content. */
public record Entry(TreePath path, FileKind kind, Attributes attributes) {
  public Entry {
    if (path.isRoot() && !(kind instanceof FileKind.Directory)) {
      throw new IllegalArgumentException("a root that is not a directory");
    }
  }

  public Entry withAttributes(Attributes newAttributes) {
    return new Entry(path, kind, newAttributes);
  }
}
