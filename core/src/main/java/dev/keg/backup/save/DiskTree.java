package dev.keg.backup.save;

import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a disk under their names in a backup, from a directory that also has others. */
public final class DiskTree implements FileTree {
  private final FileTree directory;
  private final SortedMap<ByteString, ByteString> names = new TreeMap<>();

  public DiskTree(FileTree directory, Map<String, String> files) {
    this.directory = directory;
    files.forEach((name, real) -> names.put(ByteString.utf8(name), ByteString.utf8(real)));
  }

  private TreePath real(TreePath path) {
    return path.isRoot() ? path : TreePath.ROOT.child(names.getOrDefault(path.name(), path.name()));
  }

  @Override
  public Optional<Stat> stat(TreePath path) {
    return directory.stat(real(path));
  }

  @Override
  public List<ByteString> names(TreePath path) {
    return path.isRoot() ? List.copyOf(names.keySet()) : List.of();
  }

  @Override
  public Optional<OpenFile> open(TreePath file) {
    return directory.open(real(file));
  }

  @Override
  public Optional<ByteString> target(TreePath symlink) {
    return directory.target(real(symlink));
  }

  @Override
  public Xattrs xattrs(TreePath path) {
    return directory.xattrs(real(path));
  }

  @Override
  public boolean settle() {
    return directory.settle();
  }

  @Override
  public void close() {
    directory.close();
  }
}
