package dev.keg.linux.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileMaker;
import dev.keg.tree.Attributes;
import dev.keg.tree.Losses;
import dev.keg.tree.NewFile;
import dev.keg.tree.TreePath;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file written by a restore; each thread uses its own memory. */
final class LinuxNewFile implements NewFile {
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
    try {
      long at = position;
      while (from.hasRemaining()) {
        at += FileMaker.ofThread().write(fd, from, at);
      }
    } catch (ErrnoException e) {
      throw failure("write", e);
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
