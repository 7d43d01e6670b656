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

/** The file trees of Linux. */
public final class LinuxFileTrees implements FileTrees {
  @Override
  public FileTree read(Path root) {
    return new LinuxFileTree(root);
  }

  @Override
  public TreeWriter write(Path root, Losses losses) {
    return LinuxTreeWriter.into(root, losses);
  }

  /** Reads a directory below one where others may create links; a link on the way is refused. */
  public static FileTree readBelow(Path top, Path directory) {
    try {
      FileKernel kernel = new FileKernel();
      return new LinuxFileTree(directory, kernel, OpenDirectories.below(kernel, top, directory));
    } catch (ErrnoException e) {
      throw Failures.of("read", directory.toString(), e);
    }
  }

  /** Creates a directory there, and fills it. */
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

  /** Returns false if the paths cannot be exchanged, as on some network file systems. */
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
