package dev.keg.linux.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileMaker;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.Losses;
import dev.keg.tree.NewFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import java.nio.file.Path;
import java.util.Optional;

/** Fills a directory with the system calls of Linux. */
final class LinuxTreeWriter implements TreeWriter {
  private static final ByteString SELF = ByteString.utf8(".");

  private final Path root;
  private final Losses losses;
  private final FileMaker kernel;
  private final OpenDirectories directories;

  private LinuxTreeWriter(Path root, Losses losses, FileMaker kernel, OpenDirectories directories) {
    this.root = root;
    this.losses = losses;
    this.kernel = kernel;
    this.directories = directories;
  }

  /** Fills an open new directory, and closes it. */
  static LinuxTreeWriter of(Path root, int opened, Losses losses) {
    FileMaker kernel = FileMaker.ofThread();
    return new LinuxTreeWriter(root, losses, kernel, new OpenDirectories(kernel, opened));
  }

  /**
   * Removes a default ACL that the root may have inherited, so that files created in it do not
   * inherit it.
   */
  static LinuxTreeWriter into(Path root, Losses losses) {
    try {
      FileMaker kernel = FileMaker.ofThread();
      LinuxTreeWriter writer =
          new LinuxTreeWriter(root, losses, kernel, new OpenDirectories(kernel, root));
      writer.kernel.removeXattr(writer.directories.root(), Xattrs.DEFAULT_ACL);
      return writer;
    } catch (ErrnoException e) {
      throw Failures.of("restore into", root.toString(), e);
    }
  }

  /** Creates the directory in another, reached without following links, and fills it. */
  static LinuxTreeWriter makeIn(Path top, Path directory, Losses losses) throws ErrnoException {
    FileMaker maker = FileMaker.ofThread();
    int parent = maker.openRoot(top);
    try {
      ByteString name = ByteString.utf8(String.valueOf(directory.getFileName()));
      maker.makeDirectory(parent, name);
      LinuxTreeWriter writer =
          LinuxTreeWriter.of(directory, maker.openDirectory(parent, name), losses);
      maker.removeXattr(writer.directories.root(), Xattrs.DEFAULT_ACL);
      return writer;
    } finally {
      maker.close(parent);
    }
  }

  /** Uses the open directory, since somebody may replace the stage's path by a link. */
  @Override
  public TreeWriter another() {
    try {
      FileMaker own = FileMaker.ofThread();
      int opened = own.openDirectory(directories.root(), SELF);
      return new LinuxTreeWriter(root, losses, own, OpenDirectories.ofThread(own, opened));
    } catch (ErrnoException e) {
      throw Failures.of("restore into", root.toString(), e);
    }
  }

  private interface EntryCall {
    void make(int directory, ByteString name) throws ErrnoException;
  }

  private boolean make(TreePath path, EntryCall call) {
    try {
      call.make(directories.open(path.parent()), path.name());
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EEXIST) {
        return false;
      }
      throw failure(path, e);
    }
  }

  private FileFailure failure(TreePath path, ErrnoException e) {
    String why = e.errno() == Errno.ELOOP ? "a symbolic link in the path" : e.reason();
    return Failures.of("create", root + "/" + path, why, e);
  }

  @Override
  public boolean directory(TreePath path) {
    return make(path, kernel::makeDirectory);
  }

  @Override
  public Optional<NewFile> file(TreePath path) {
    try {
      int fd = kernel.makeFile(directories.open(path.parent()), path.name());
      return Optional.of(new LinuxNewFile(fd, root, path, losses));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EEXIST) {
        return Optional.empty();
      }
      throw failure(path, e);
    }
  }

  @Override
  public Optional<NewFile> existing(TreePath path) {
    try {
      int fd = kernel.openToWrite(directories.open(path.parent()), path.name());
      return Optional.of(new LinuxNewFile(fd, root, path, losses));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw failure(path, e);
    }
  }

  @Override
  public boolean symlink(TreePath path, ByteString target) {
    return make(path, (directory, name) -> kernel.makeSymlink(directory, name, target));
  }

  @Override
  public boolean link(TreePath path, TreePath existing) {
    return make(
        path,
        (directory, name) -> {
          // Both stay open: the two most recently used directories are never closed.
          int from = directories.open(existing.parent());
          int to = directories.open(path.parent());
          kernel.makeLink(from, existing.name(), to, name);
        });
  }

  @Override
  public boolean fifo(TreePath path) {
    return make(path, kernel::makeFifo);
  }

  /** Without the privilege to create devices, reports them as losses, and the restore continues. */
  @Override
  public boolean device(TreePath path, Device device) {
    try {
      int directory = directories.open(path.parent());
      kernel.makeDevice(directory, path.name(), device.block(), device.major(), device.minor());
      return true;
    } catch (ErrnoException e) {
      switch (e.errno()) {
        case Errno.EEXIST -> {
          return false;
        }
        case Errno.EPERM -> {
          losses.lost(path, "device", e.reason());
          return true;
        }
        default -> throw failure(path, e);
      }
    }
  }

  @Override
  public boolean exists(TreePath path) {
    try {
      Stat stat = kernel.stat(directories.open(path.parent()), path.name());
      return stat.type() != Stat.Type.DIRECTORY;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP -> false;
        default -> throw Failures.of("read", root + "/" + path, e);
      };
    }
  }

  @Override
  public void removeXattr(TreePath directory, ByteString name) {
    try {
      kernel.removeXattr(directories.open(directory), name);
    } catch (ErrnoException e) {
      throw Failures.of("remove attribute of", root + "/" + directory, e);
    }
  }

  @Override
  public void remove(TreePath path) {
    try {
      int parent = directories.open(path.parent());
      try {
        kernel.removeFile(parent, path.name());
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EISDIR) {
          throw e;
        }
        kernel.removeDirectory(parent, path.name());
      }
    } catch (ErrnoException e) {
      throw Failures.of("remove", root + "/" + path, e);
    }
  }

  @Override
  public void attributes(TreePath path, FileKind kind, Attributes attributes) {
    try {
      AttributeTarget target =
          kind instanceof Directory
              ? new AttributeTarget.Open(kernel, directories.open(path))
              : new AttributeTarget.Named(
                  kernel, directories.open(path.parent()), path.name(), kind instanceof Symlink);
      new AttributeSetter(path, losses).set(target, attributes);
    } catch (ErrnoException e) {
      // A device that could not be created has no attributes.
      if (!(kind instanceof Device && e.errno() == Errno.ENOENT)) {
        throw Failures.of("set attributes", root + "/" + path, e);
      }
    }
  }

  @Override
  public void sync() {
    try {
      kernel.syncFileSystem(directories.root());
    } catch (ErrnoException e) {
      throw Failures.of("sync", root.toString(), e);
    }
  }

  @Override
  public void close() {
    directories.close();
  }
}
