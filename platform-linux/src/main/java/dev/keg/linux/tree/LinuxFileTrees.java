package dev.keg.linux.tree;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
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
