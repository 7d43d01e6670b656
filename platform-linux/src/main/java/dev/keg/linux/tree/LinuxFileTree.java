package dev.keg.linux.tree;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileKernel;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads a tree with the system calls of Linux. */
final class LinuxFileTree implements FileTree {
  private static final ByteString SELF = ByteString.utf8(".");

  /** The attribute through which ntfs-3g shows the access control list of Windows on request. */
  private static final ByteString NTFS_ACL = ByteString.utf8("system.ntfs_acl");

  private final Path root;
  private final FileKernel kernel;
  private final OpenDirectories directories;

  LinuxFileTree(Path root) {
    this.root = root;
    kernel = new FileKernel();
    try {
      directories = new OpenDirectories(kernel, root);
    } catch (ErrnoException e) {
      throw Failures.of("read", root.toString(), e);
    }
  }

  /** Works on an open directory; closing this closes it. */
  LinuxFileTree(Path root, FileKernel kernel, int opened) {
    this(root, kernel, new OpenDirectories(kernel, opened));
  }

  private LinuxFileTree(Path root, FileKernel kernel, OpenDirectories directories) {
    this.root = root;
    this.kernel = kernel;
    this.directories = directories;
  }

  /** A question to the kernel about a file. */
  private interface Question<T> {
    T ask() throws ErrnoException;
  }

  /** The answer; empty if the file or a directory above it has vanished or changed its type. */
  private <T> Optional<T> ask(String operation, TreePath path, Question<T> question) {
    try {
      return Optional.of(question.ask());
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ESTALE -> Optional.empty();
        default -> throw Failures.of(operation, root + "/" + path, e);
      };
    }
  }

  @Override
  public Optional<Stat> stat(TreePath path) {
    return ask(
        "read",
        path,
        () ->
            path.isRoot()
                ? kernel.stat(directories.root())
                : kernel.stat(directories.open(path.parent()), path.name()));
  }

  @Override
  public List<ByteString> names(TreePath directory) {
    List<ByteString> names =
        ask("list", directory, () -> kernel.names(directories.open(directory)))
            .orElseGet(ArrayList::new);
    Collections.sort(names);
    return names;
  }

  @Override
  public Optional<OpenFile> open(TreePath file) {
    Optional<Integer> fd =
        ask("read", file, () -> kernel.openFile(directories.open(file.parent()), file.name()));
    return fd.map(number -> new LinuxOpenFile(kernel, number, root + "/" + file));
  }

  @Override
  public Optional<ByteString> target(TreePath symlink) {
    try {
      return Optional.of(kernel.linkTarget(directories.open(symlink.parent()), symlink.name()));
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EINVAL -> Optional.empty();
        default -> throw Failures.of("read", root + "/" + symlink, e);
      };
    }
  }

  @Override
  public Xattrs xattrs(TreePath path) {
    return ask("read attributes", path, () -> readXattrs(path)).orElse(Xattrs.NONE);
  }

  private Xattrs readXattrs(TreePath path) throws ErrnoException {
    int directory = directories.open(path.parent());
    ByteString name = path.isRoot() ? SELF : path.name();
    List<Xattr> list = new ArrayList<>();
    for (ByteString attribute : kernel.xattrNames(directory, name)) {
      kernel
          .xattr(directory, name, attribute)
          .ifPresent(value -> list.add(new Xattr(attribute, value)));
    }
    return Xattrs.of(list);
  }

  @Override
  public boolean settle() {
    try {
      return kernel.tellsOfMappedStores(directories.root()) && synced();
    } catch (ErrnoException e) {
      throw Failures.of("sync", root.toString(), e);
    }
  }

  private boolean synced() throws ErrnoException {
    kernel.syncFileSystem(directories.root());
    return true;
  }

  /** The attribute with a file's access control list, which neither NTFS driver lists. */
  @Override
  public Optional<String> withheld() {
    return isNtfs()
        ? Optional.of(
            "its files are on NTFS, and their access control lists are not saved, because Linux does"
                + " not show them; a backup of the whole disk, or one made on Windows, includes them")
        : Optional.empty();
  }

  private boolean isNtfs() {
    try {
      return kernel.isNtfs3(directories.root())
          || kernel.xattr(directories.root(), SELF, NTFS_ACL).isPresent();
    } catch (ErrnoException _) {
      return false; // not every file system has the attribute, and no backup depends on it
    }
  }

  @Override
  public Optional<FileTree> another() {
    FileKernel own = new FileKernel();
    try {
      int opened = own.openDirectory(directories.root(), SELF);
      return Optional.of(new LinuxFileTree(root, own, OpenDirectories.ofThread(own, opened)));
    } catch (ErrnoException e) {
      throw Failures.of("read", root.toString(), e);
    }
  }

  @Override
  public void close() {
    directories.close();
  }
}
