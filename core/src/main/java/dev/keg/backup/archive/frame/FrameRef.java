package dev.keg.backup.archive.frame;

/**
 * The location of a frame: its object, offset, and compressed and plain length; also the CRC-32C of
 * the compressed and the hash of the plain bytes. An empty object name means the archive that
 * contains the reference.
 */
public record FrameRef(
    String object, long offset, int stored, int length, int crc, FrameHash hash) {
  /** The largest plain length of a frame. */
  public static final int MAX_LENGTH = 4 << 20;

  /** An upper bound for incompressible data compressed by zstd. */
  public static final int MAX_STORED = MAX_LENGTH + (MAX_LENGTH >> 7) + 1024;

  public FrameRef {
    boolean somewhere = offset >= 0 && offset <= Long.MAX_VALUE - MAX_STORED;
    if (!somewhere || stored <= 0 || stored > MAX_STORED || length <= 0 || length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a frame of %d bytes for %d at %d".formatted(stored, length, offset));
    }
  }

  public FrameRef in(String name) {
    return new FrameRef(name, offset, stored, length, crc, hash);
  }

  public long end() {
    return offset + stored;
  }
}
