package dev.keg.disk.content;

import dev.keg.disk.ImageFile;
import dev.keg.disk.VhdHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The blocks of a VHD that is not fixed. A table of big-endian sector numbers points to the blocks.
 * Each block begins with a bitmap, highest bit first, of the sectors that were written.
 */
final class VhdLayer implements GuestDisk.Layer {
  private static final int SECTOR = 512;
  private static final int MISSING = -1;

  private final ImageFile image;
  private final VhdHeader header;

  VhdLayer(ImageFile image) throws IOException {
    this.image = image;
    this.header = VhdHeader.read(image);
  }

  @Override
  public boolean read(long at, ByteBuffer sector) throws IOException {
    long block = at / header.blockSize();
    if (block >= header.blocks()) {
      return false;
    }
    int place =
        image
            .read(header.tableAt() + block * Integer.BYTES, Integer.BYTES)
            .order(ByteOrder.BIG_ENDIAN)
            .getInt();
    if (place == MISSING) {
      return false;
    }
    long bitmapAt = Integer.toUnsignedLong(place) * SECTOR;
    int inBlock = (int) (at % header.blockSize() / SECTOR);
    int bits = image.read(bitmapAt + inBlock / Byte.SIZE, 1).get();
    boolean written = (bits >> (Byte.SIZE - 1 - inBlock % Byte.SIZE) & 1) != 0;
    return written
        && GuestDisk.copy(image, bitmapAt + bitmapLength() + (long) inBlock * SECTOR, sector);
  }

  private long bitmapLength() {
    long bytes = header.blockSize() / SECTOR / Byte.SIZE;
    return (bytes + SECTOR - 1) / SECTOR * SECTOR;
  }
}
