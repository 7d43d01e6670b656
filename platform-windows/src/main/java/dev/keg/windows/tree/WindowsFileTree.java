package dev.keg.windows.tree;

import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Reads a tree with access control lists and alternate data streams. */
final class WindowsFileTree implements FileTree {
  private final FileTree portable;
  private final FileExtras extras;

  WindowsFileTree(FileTree portable, FileExtras extras) {
    this.portable = portable;
    this.extras = extras;
  }

  /** A new list, or a change to a stream, shows in when the file changed. */
  @Override
  public Optional<Stat> stat(TreePath path) {
    return portable.stat(path).flatMap(stat -> extras.changed(path, stat));
  }

  @Override
  public List<ByteString> names(TreePath directory) {
    return portable.names(directory);
  }

  @Override
  public Optional<OpenFile> open(TreePath file) {
    return portable.open(file).map(open -> new Open(file, open));
  }

  @Override
  public Optional<ByteString> target(TreePath symlink) {
    return portable.target(symlink);
  }

  @Override
  public Xattrs xattrs(TreePath path) {
    return portable.stat(path).map(stat -> extras.read(path, stat.type())).orElse(Xattrs.NONE);
  }

  @Override
  public void close() {
    portable.close();
  }

  private final class Open implements OpenFile {
    private final TreePath path;
    private final OpenFile file;

    Open(TreePath path, OpenFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public Stat stat() {
      Stat stat = file.stat();
      return extras.changed(path, stat).orElse(stat);
    }

    @Override
    public Xattrs xattrs() {
      return extras.read(path, Stat.Type.REGULAR);
    }

    @Override
    public List<Extent> data(long size) {
      return file.data(size);
    }

    @Override
    public int read(ByteBuffer into, long position) {
      return file.read(into, position);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
