package dev.keg.tree;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A part of a tree: everything below one directory, without hidden files. Does not close the tree.
 */
public final class PartialTree implements FileTree {
  private final FileTree tree;
  private final TreePath root;
  private final Predicate<TreePath> hidden;
  private final boolean own;

  /**
   * @param hidden tests the path in the whole tree
   */
  public PartialTree(FileTree tree, TreePath root, Predicate<TreePath> hidden) {
    this(tree, root, hidden, false);
  }

  private PartialTree(FileTree tree, TreePath root, Predicate<TreePath> hidden, boolean own) {
    this.tree = tree;
    this.root = root;
    this.hidden = hidden;
    this.own = own;
  }

  private TreePath whole(TreePath path) {
    return root.resolve(path);
  }

  @Override
  public Optional<Stat> stat(TreePath path) {
    return tree.stat(whole(path));
  }

  @Override
  public List<ByteString> names(TreePath directory) {
    TreePath whole = whole(directory);
    return tree.names(whole).stream().filter(name -> !hidden.test(whole.child(name))).toList();
  }

  @Override
  public Optional<OpenFile> open(TreePath file) {
    return tree.open(whole(file));
  }

  @Override
  public Optional<ByteString> target(TreePath symlink) {
    return tree.target(whole(symlink));
  }

  @Override
  public Xattrs xattrs(TreePath path) {
    return tree.xattrs(whole(path));
  }

  @Override
  public boolean settle() {
    return tree.settle();
  }

  @Override
  public Optional<String> withheld() {
    return tree.withheld();
  }

  @Override
  public Optional<TreePath> partOf(TreePath file) {
    return tree.partOf(whole(file)).map(owner -> owner.below(root));
  }

  @Override
  public Optional<FileTree> another() {
    return tree.another().map(reader -> new PartialTree(reader, root, hidden, true));
  }

  @Override
  public void close() {
    if (own) {
      tree.close();
    }
  }
}
