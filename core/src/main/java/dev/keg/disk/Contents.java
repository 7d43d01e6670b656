package dev.keg.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * What a new disk is to hold: a raw image, and where in it there is data; the rest are holes.
 *
 * @param data in order, and apart from each other
 */
public record Contents(Path raw, List<Extent> data) {
  private static final int PIECE = 1 << 20;

  /** A piece of a file. */
  public record Extent(long at, long length) {
    public Extent {
      if (at < 0 || length <= 0) {
        throw new IllegalArgumentException("no piece of a file: %d+%d".formatted(at, length));
      }
    }
  }

  public Contents {
    data = List.copyOf(data);
  }

  long end() {
    return data.isEmpty() ? 0 : data.getLast().at() + data.getLast().length();
  }

  /** Where a piece of the disk goes. */
  @FunctionalInterface
  interface Places {
    /** The place of a byte of the disk in the image; the rest of its block follows it. */
    long of(long at) throws IOException;
  }

  /** Writes all data to its places; no piece crosses the end of a block. */
  void into(ImageFile image, long blockSize, Places places) throws IOException {
    try (ImageFile source = ImageFile.open(raw)) {
      for (Extent extent : data) {
        long end = extent.at() + extent.length();
        for (long at = extent.at(); at < end; ) {
          long inBlock = blockSize - at % blockSize;
          int length = (int) Math.min(PIECE, Math.min(end - at, inBlock));
          ByteBuffer bytes = source.read(at, length);
          image.write(places.of(at), bytes);
          at += length;
        }
      }
    }
  }
}
