package dev.keg.disk.content;

import dev.keg.disk.ImageFile;
import dev.keg.disk.VhdxLayout;
import dev.keg.disk.VhdxReader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The blocks of a VHDX (MS-VHDX 2.5.1): the lowest bits of a table entry are the state of a block,
 * the upper bits its position. A bitmap per chunk, lowest bit first, marks the present sectors of
 * partly present blocks.
 */
final class VhdxLayer implements GuestDisk.Layer {
  private static final int NOT_PRESENT = 0;
  private static final int FULLY_PRESENT = 6;
  private static final int PARTLY_PRESENT = 7;
  private static final long SECTORS_PER_CHUNK = 1L << 23;

  private final ImageFile image;
  private final VhdxLayout layout;
  private final long tableAt;

  VhdxLayer(ImageFile image) throws IOException {
    this.image = image;
    VhdxReader.BlockTable table = new VhdxReader(image).blockTable();
    this.layout = table.layout();
    this.tableAt = table.at();
  }

  @Override
  public boolean read(long at, ByteBuffer sector) throws IOException {
    if (at >= layout.size()) {
      return false;
    }
    long block = at / layout.blockSize();
    long entry = entry(layout.entry(block));
    return switch ((int) (entry & VhdxLayout.STATE_MASK)) {
      case NOT_PRESENT -> false;
      case FULLY_PRESENT -> copy(entry, at, sector);
      case PARTLY_PRESENT -> isThere(at) && copy(entry, at, sector);
      default -> true; // Zeros, or a discarded block.
    };
  }

  private boolean copy(long entry, long at, ByteBuffer sector) throws IOException {
    return GuestDisk.copy(image, (entry & -VhdxLayout.MIB) + at % layout.blockSize(), sector);
  }

  private boolean isThere(long at) throws IOException {
    long number = at / layout.sectorSize();
    long chunk = number / SECTORS_PER_CHUNK;
    long bitmap = entry((chunk + 1) * (layout.chunkRatio() + 1) - 1) & -VhdxLayout.MIB;
    long bit = number % SECTORS_PER_CHUNK;
    return bitmap != 0
        && (image.read(bitmap + bit / Byte.SIZE, 1).get() >> bit % Byte.SIZE & 1) != 0;
  }

  private long entry(long index) throws IOException {
    return image.read(tableAt + index * Long.BYTES, Long.BYTES).getLong();
  }
}
