package dev.keg.backup.archive.frame;

/**
 * Where a frame lies: in which object, from which byte on, how many bytes compressed and how many
 * plain; and the CRC-32C of the compressed and the hash of the plain ones. No name of an object
 * means the archive that speaks.
 */
public record FrameRef(
    String object, long offset, int stored, int length, int crc, FrameHash hash) {
  /** The most that a frame holds. */
  public static final int MAX_LENGTH = 4 << 20;

  /** What zstd makes of incompressible data stays below this. */
  static final int MAX_STORED = MAX_LENGTH + (MAX_LENGTH >> 7) + 1024;

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
