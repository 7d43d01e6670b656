package dev.keg.linux.tree;

import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileMaker;
import dev.keg.tree.Losses;
import dev.keg.tree.Stage;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import java.nio.file.Path;

/** A stage that is accessed only through open directories. */
final class LinuxStage implements Stage {
  private static final int OWNER_WRITES = 0200;

  private final Path root;
  private final TreePath name;
  private final FileMaker kernel = FileMaker.ofThread();
  private final OpenDirectories directories;
  private final TreeWriter writer;

  private LinuxStage(Path root, TreePath name, Losses losses) throws ErrnoException {
    this.root = root;
    this.name = name;
    directories = new OpenDirectories(kernel, root);
    int stage;
    try {
      kernel.makeDirectory(directories.root(), name.name());
      stage = kernel.openDirectory(directories.root(), name.name());
    } catch (ErrnoException e) {
      directories.close();
      throw e;
    }
    writer = LinuxTreeWriter.of(root.resolve(name.toString()), stage, losses);
    // Files created in it would inherit the default ACL of the directory above.
    kernel.removeXattr(stage, Xattrs.DEFAULT_ACL);
  }

  static Stage make(Path root, TreePath name, Losses losses) {
    try {
      return new LinuxStage(root, name, losses);
    } catch (ErrnoException e) {
      throw Failures.of("write to", root.toString(), e);
    }
  }

  @Override
  public TreeWriter writer() {
    return writer;
  }

  @Override
  public void publish(TreePath made, TreePath place) {
    TreePath staged = name.resolve(made);
    try {
      // Both stay open: the two most recently used directories are never closed.
      int from = directories.open(staged.parent());
      int to = directories.open(place.parent());
      try {
        kernel.rename(from, staged.name(), to, place.name());
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EACCES) {
          throw e;
        }
        renameReadOnly(from, staged, to, place, e);
      }
    } catch (ErrnoException e) {
      throw Failures.of("create", root + "/" + place, e);
    }
  }

  /** Without root, moving a directory elsewhere requires write permission for it. */
  private void renameReadOnly(
      int from, TreePath staged, int to, TreePath place, ErrnoException refused)
      throws ErrnoException {
    Stat stat = kernel.stat(from, staged.name());
    if (stat.type() != Stat.Type.DIRECTORY || (stat.mode() & OWNER_WRITES) != 0) {
      throw refused;
    }
    int directory = kernel.openDirectory(from, staged.name());
    try {
      kernel.mode(directory, stat.mode() | OWNER_WRITES);
      kernel.rename(from, staged.name(), to, place.name());
    } finally {
      kernel.mode(directory, stat.mode());
      kernel.close(directory);
    }
  }

  @Override
  public void close() {
    writer.close();
    directories.close();
    Path path = root.resolve(name.toString());
    FileFailures.run("remove", path, () -> TreeDeletion.deleteIn(root, path.getFileName()));
  }
}
