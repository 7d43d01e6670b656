package dev.keg.disk;

import dev.keg.tree.FileKind.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The content of a new disk: a raw image and its ranges with data; the rest are holes.
 *
 * @param data in order, without overlaps
 */
public record DiskContent(Path raw, List<Extent> data) {
  private static final int PIECE = 1 << 20;

  public DiskContent {
    data = List.copyOf(data);
  }

  long end() {
    return data.isEmpty() ? 0 : data.getLast().end();
  }

  /** Maps the disk to positions in the image. */
  @FunctionalInterface
  interface Positions {
    /** The position of a byte of the disk in the image; the rest of its block follows. */
    long of(long at) throws IOException;
  }

  /** Writes all data to its positions; no piece crosses the end of a block. */
  void into(ImageFile image, long blockSize, Positions positions) throws IOException {
    try (ImageFile source = ImageFile.open(raw)) {
      for (Extent extent : data) {
        for (long at = extent.offset(); at < extent.end(); ) {
          long inBlock = blockSize - at % blockSize;
          int length = (int) Math.min(PIECE, Math.min(extent.end() - at, inBlock));
          ByteBuffer bytes = source.read(at, length);
          image.write(positions.of(at), bytes);
          at += length;
        }
      }
    }
  }
}
