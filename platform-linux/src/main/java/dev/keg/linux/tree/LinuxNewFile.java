package dev.keg.linux.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileMaker;
import dev.keg.tree.Attributes;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.Losses;
import dev.keg.tree.NewFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.TreePath;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file written by a restore; each thread uses its own memory. */
final class LinuxNewFile implements NewFile {
  /** The size of parts that are written to the disk at once, not only by the sync at the end. */
  private static final int LARGE = 1 << 20;

  private final int fd;
  private final Path root;
  private final TreePath path;
  private final Losses losses;

  LinuxNewFile(int fd, Path root, TreePath path, Losses losses) {
    this.fd = fd;
    this.root = root;
    this.path = path;
    this.losses = losses;
  }

  private FileFailure failure(String operation, ErrnoException e) {
    return Failures.of(operation, root + "/" + path, e);
  }

  @Override
  public void write(ByteBuffer from, long position) {
    FileMaker kernel = FileMaker.ofThread();
    try {
      long at = position;
      while (from.hasRemaining()) {
        at += kernel.write(fd, from, at);
      }
      if (at - position >= LARGE) {
        kernel.beginSync(fd, position, at - position);
      }
    } catch (ErrnoException e) {
      throw failure("write", e);
    }
  }

  @Override
  public boolean share(OpenFile source) {
    if (!(source instanceof LinuxOpenFile from)) {
      return false;
    }
    try {
      FileMaker.ofThread().share(from.fd(), fd);
      return true;
    } catch (ErrnoException _) {
      // Whatever the reason, the caller's plain copy succeeds or reports it.
      return false;
    }
  }

  @Override
  public boolean copy(OpenFile source, Extent range) {
    if (!(source instanceof LinuxOpenFile from)) {
      return false;
    }
    try {
      long at = range.offset();
      while (at < range.end()) {
        long copied = FileMaker.ofThread().copy(from.fd(), fd, at, range.end() - at);
        if (copied == 0) {
          // The end of the file or, before Linux 5.19, a file system that does not support it.
          return at > range.offset();
        }
        at += copied;
      }
      return true;
    } catch (ErrnoException _) {
      return false;
    }
  }

  @Override
  public void size(long size) {
    try {
      FileMaker.ofThread().truncate(fd, size);
    } catch (ErrnoException e) {
      throw failure("write", e);
    }
  }

  @Override
  public void finish(Attributes attributes) {
    try {
      AttributeTarget target = new AttributeTarget.Open(FileMaker.ofThread(), fd);
      new AttributeSetter(path, losses).set(target, attributes);
    } catch (ErrnoException e) {
      throw failure("set attributes", e);
    }
  }

  @Override
  public void close() {
    FileMaker.ofThread().close(fd);
  }
}
