package dev.keg.linux.tree;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileKernel;
import dev.keg.linux.kernel.file.FileMaker;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.Stage;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.nio.file.Path;

/** Trees on Linux. */
public final class LinuxFileTrees implements FileTrees {
  @Override
  public FileTree read(Path root) {
    return new LinuxFileTree(root);
  }

  @Override
  public TreeWriter write(Path root, Losses losses) {
    return LinuxTreeWriter.into(root, losses);
  }

  /** Reads a directory below one in which others may put links; one on the way to it is refused. */
  public static FileTree readBelow(Path top, Path directory) {
    try {
      FileKernel kernel = new FileKernel();
      return new LinuxFileTree(directory, kernel, Directories.below(kernel, top, directory));
    } catch (ErrnoException e) {
      throw Failures.of("read", directory.toString(), e);
    }
  }

  /** Makes a directory in such a one, and fills it. */
  public static TreeWriter makeIn(Path top, Path name, Losses losses) {
    Path directory = top.resolve(name);
    try {
      return LinuxTreeWriter.makeIn(top, directory, losses);
    } catch (ErrnoException e) {
      throw Failures.of("create", directory.toString(), e);
    }
  }

  @Override
  public Stage stage(Path root, ByteString name, Losses losses) {
    return LinuxStage.make(root, TreePath.ROOT.child(name), losses);
  }

  /** A mount point, and some network file systems, cannot be exchanged. */
  @Override
  public boolean exchange(Path one, Path other) {
    try {
      FileMaker.ofThread().exchange(one, other);
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.EINVAL, Errno.ENOSYS, Errno.EXDEV, Errno.EBUSY -> false;
        default -> throw Failures.of("exchange", one.toString(), e);
      };
    }
  }
}
