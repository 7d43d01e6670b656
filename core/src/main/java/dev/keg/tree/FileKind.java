package dev.keg.tree;

import java.util.List;

/** The kind of a file. Sockets are not included: they mean nothing without their process. */
public sealed interface FileKind {
  /** The kind in the words of {@code stat(1)}. */
  default String words() {
    return switch (this) {
      case Directory _ -> "directory";
      case RegularFile _ -> "file";
      case Symlink _ -> "symlink";
      case HardLink _ -> "hard link";
      case Fifo _ -> "fifo";
      case Device(boolean block, int _, int _) -> block ? "block device" : "character device";
    };
  }

  /** A directory. */
  record Directory() implements FileKind {}

  /**
   * A file with content: its size and its ranges with data; the rest are holes, which read as zeros
   * and take no space.
   */
  record RegularFile(long size, List<Extent> data) implements FileKind {
    public RegularFile {
      data = List.copyOf(data);
      if (size < 0) {
        throw new IllegalArgumentException("a size of " + size);
      }
      long end = 0;
      for (Extent extent : data) {
        if (extent.offset() < end) {
          throw new IllegalArgumentException("data areas that overlap or are out of order");
        }
        end = extent.end();
      }
      if (end > size) {
        throw new IllegalArgumentException("a data area beyond the end of the file");
      }
    }

    /** A file without holes. */
    public static RegularFile whole(long size) {
      return new RegularFile(size, size == 0 ? List.of() : List.of(new Extent(0, size)));
    }

    /** How many bytes an archive must store. */
    public long stored() {
      long sum = 0;
      for (Extent extent : data) {
        sum += extent.length();
      }
      return sum;
    }

    public boolean hasHoles() {
      return stored() < size;
    }
  }

  /** A range of a file that has data. */
  record Extent(long offset, long length) {
    public Extent {
      if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
        throw new IllegalArgumentException(
            "a data area of %d bytes at %d".formatted(length, offset));
      }
    }

    public long end() {
      return offset + length;
    }
  }

  /** A symbolic link; its target is copied byte by byte and never followed. */
  record Symlink(ByteString target) implements FileKind {
    public Symlink {
      if (target.isEmpty() || target.indexOf((byte) 0) >= 0) {
        throw new IllegalArgumentException("a symbolic link to an impossible name");
      }
    }
  }

  /** Another name of a file that comes earlier in the tree. */
  record HardLink(TreePath target) implements FileKind {
    public HardLink {
      if (target.isRoot()) {
        throw new IllegalArgumentException("a hard link to the root");
      }
    }
  }

  /** A named pipe. */
  record Fifo() implements FileKind {}

  /** A character or block device. */
  record Device(boolean block, int major, int minor) implements FileKind {
    private static final int MAX_MAJOR = 0xFFF;
    private static final int MAX_MINOR = 0xF_FFFF;

    public Device {
      if (major < 0 || major > MAX_MAJOR || minor < 0 || minor > MAX_MINOR) {
        throw new IllegalArgumentException("the device number %d:%d".formatted(major, minor));
      }
    }
  }
}
