package dev.keg.linux.tree;

import dev.keg.file.DirectorySync;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Uapi;
import dev.keg.linux.kernel.file.FileKernel;
import dev.keg.linux.kernel.file.FileMaker;
import dev.keg.tree.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Syncs directories like files, and whole file systems by syncfs(2). */
public final class LinuxDirectorySync implements DirectorySync {
  @Override
  public void sync(Path directory) throws IOException {
    FSYNC.sync(directory);
  }

  @Override
  public void begin(Path file, long from, long length) {
    FileMaker kernel = FileMaker.ofThread();
    try {
      // Open for writing, its close would wait for all of it on NFS and SMB.
      int open = kernel.openFile(Uapi.AT_FDCWD, ByteString.utf8(file.toString()));
      try {
        kernel.beginSync(open, from, length);
      } finally {
        kernel.close(open);
      }
    } catch (ErrnoException _) {
      // The sync at the end writes this part as well.
    }
  }

  @Override
  public List<String> directories(Path directory) {
    FileKernel kernel = new FileKernel();
    try {
      int open = kernel.openRoot(directory);
      try {
        return kernel.directories(open).stream().map(ByteString::toString).toList();
      } finally {
        kernel.close(open);
      }
    } catch (ErrnoException e) {
      throw Failures.of("list", directory.toString(), e);
    }
  }

  @Override
  public boolean syncAll(Path directory) {
    FileKernel kernel = new FileKernel();
    try {
      int open = kernel.openRoot(directory);
      try {
        kernel.syncFileSystem(open);
      } finally {
        kernel.close(open);
      }
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOSYS) {
        return false;
      }
      throw Failures.of("sync", directory.toString(), e);
    }
  }
}
