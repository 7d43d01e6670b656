package dev.keg.linux.tree;

import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileMaker;
import dev.keg.tree.ByteString;
import java.time.Instant;

/** The file whose attributes are set: an open file, or one that must not be opened. */
sealed interface AttributeTarget {
  void owner(long uid, long gid) throws ErrnoException;

  void mode(int mode) throws ErrnoException;

  void xattr(ByteString name, ByteString value) throws ErrnoException;

  void modified(Instant time) throws ErrnoException;

  /** A regular file or directory. */
  record Open(FileMaker kernel, int fd) implements AttributeTarget {
    @Override
    public void owner(long uid, long gid) throws ErrnoException {
      kernel.owner(fd, uid, gid);
    }

    @Override
    public void mode(int mode) throws ErrnoException {
      kernel.mode(fd, mode);
    }

    @Override
    public void xattr(ByteString name, ByteString value) throws ErrnoException {
      kernel.putXattr(fd, name, value);
    }

    @Override
    public void modified(Instant time) throws ErrnoException {
      kernel.modified(fd, time);
    }
  }

  /** A symbolic link, pipe or device. */
  record Named(FileMaker kernel, int directory, ByteString file, boolean symlink)
      implements AttributeTarget {
    @Override
    public void owner(long uid, long gid) throws ErrnoException {
      kernel.owner(directory, file, uid, gid);
    }

    /** The mode of a symbolic link means nothing, and Linux cannot change it. */
    @Override
    public void mode(int mode) throws ErrnoException {
      if (!symlink) {
        kernel.mode(directory, file, mode);
      }
    }

    @Override
    public void xattr(ByteString name, ByteString value) throws ErrnoException {
      kernel.putXattr(directory, file, name, value);
    }

    @Override
    public void modified(Instant time) throws ErrnoException {
      kernel.modified(directory, file, time);
    }
  }
}
