package dev.keg.disk;

import static dev.keg.disk.VhdxLayout.KIB_64;
import static dev.keg.disk.VhdxLayout.MIB;
import static dev.keg.disk.VhdxMetadata.buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/** Writes new VHDX images. The log is empty, as after a clean shutdown. */
final class VhdxWriter {
  private static final String CREATOR = "keg";
  private static final int PHYSICAL_SECTOR = 4096;
  private static final int LOG_LENGTH = (int) MIB;

  private final ImageFile image;
  private final Supplier<UUID> ids;

  VhdxWriter(ImageFile image, Supplier<UUID> ids) {
    this.image = image;
    this.ids = ids;
  }

  void write(VhdxLayout layout, DiskKind kind, Optional<ParentLink> parent) throws IOException {
    ByteBuffer identifier = buffer(KIB_64);
    identifier.put(VhdxLayout.SIGNATURE.getBytes(StandardCharsets.US_ASCII));
    identifier.put(CREATOR.getBytes(StandardCharsets.UTF_16LE));
    image.write(0, identifier);
    headers();
    regionTables(layout);
    image.write(VhdxLayout.METADATA_AT, metadata(layout, kind, parent).encode());
    long end = layout.dataAt();
    if (kind == DiskKind.FIXED) {
      allocateAll(layout);
      end += layout.blocks() * layout.blockSize();
    }
    image.extend(end);
  }

  /** Two copies; the one with the higher sequence number counts. */
  private void headers() throws IOException {
    UUID fileWrite = ids.get();
    UUID dataWrite = ids.get();
    long sequence = 1;
    for (long at : VhdxLayout.HEADERS_AT) {
      ByteBuffer header = buffer(VhdxLayout.HEADER_LENGTH);
      header.putInt(VhdxLayout.HEADER_SIGNATURE).putInt(0).putLong(sequence++);
      Guid.put(header, fileWrite);
      Guid.put(header, dataWrite);
      Guid.put(header, Guid.NONE);
      header.putShort((short) 0).putShort((short) 1).putInt(LOG_LENGTH).putLong(VhdxLayout.LOG_AT);
      image.write(at, sealed(header));
    }
  }

  private void regionTables(VhdxLayout layout) throws IOException {
    ByteBuffer table = buffer(KIB_64);
    table.putInt(VhdxLayout.REGION_SIGNATURE).putInt(0).putInt(2).putInt(0);
    region(table, VhdxLayout.BAT, VhdxLayout.BAT_AT, layout.batLength());
    region(table, VhdxLayout.METADATA, VhdxLayout.METADATA_AT, MIB);
    sealed(table);
    for (long at : VhdxLayout.REGION_TABLES_AT) {
      image.write(at, table);
    }
  }

  private static void region(ByteBuffer table, UUID id, long at, long length) {
    Guid.put(table, id);
    table.putLong(at).putInt((int) length).putInt(1);
  }

  private VhdxMetadata metadata(VhdxLayout layout, DiskKind kind, Optional<ParentLink> parent) {
    int flags = kind == DiskKind.FIXED ? VhdxLayout.LEAVE_BLOCKS_ALLOCATED : 0;
    flags |= parent.isPresent() ? VhdxLayout.HAS_PARENT : 0;
    ByteBuffer id = buffer(Guid.LENGTH);
    Guid.put(id, ids.get());
    VhdxMetadata metadata =
        new VhdxMetadata()
            .put(VhdxLayout.FILE_PARAMETERS, buffer(8).putInt(layout.blockSize()).putInt(flags))
            .put(VhdxLayout.VIRTUAL_DISK_SIZE, buffer(8).putLong(layout.size()))
            .put(VhdxLayout.VIRTUAL_DISK_ID, id)
            .put(VhdxLayout.LOGICAL_SECTOR_SIZE, buffer(4).putInt(layout.sectorSize()))
            .put(VhdxLayout.PHYSICAL_SECTOR_SIZE, buffer(4).putInt(PHYSICAL_SECTOR));
    parent.ifPresent(
        link -> metadata.put(VhdxLayout.PARENT_LOCATOR, VhdxMetadata.locator(pairs(link))));
    return metadata;
  }

  private static Map<String, String> pairs(ParentLink link) {
    Map<String, String> pairs = new LinkedHashMap<>();
    link.linkage().ifPresent(id -> pairs.put("parent_linkage", "{" + id + "}"));
    link.relative().ifPresent(path -> pairs.put("relative_path", path));
    link.absolute().ifPresent(path -> pairs.put("absolute_win32_path", path));
    return pairs;
  }

  /** The blocks of a fixed disk follow the table in order; the table is written a MiB at a time. */
  private void allocateAll(VhdxLayout layout) throws IOException {
    ByteBuffer piece = buffer((int) MIB);
    long written = 0;
    for (long block = 0; block < layout.blocks(); block++) {
      long at = layout.entry(block) * Long.BYTES;
      if (at - written >= MIB) {
        image.write(VhdxLayout.BAT_AT + written, piece);
        piece = buffer((int) MIB);
        written += MIB;
      }
      long place = layout.dataAt() + block * layout.blockSize();
      piece.putLong((int) (at - written), place | VhdxLayout.FULLY_PRESENT);
    }
    image.write(VhdxLayout.BAT_AT + written, piece);
  }

  /** Writes the content to the blocks of a fixed disk, or to new blocks of a dynamic one. */
  void fill(VhdxLayout layout, DiskKind kind, DiskContent contents) throws IOException {
    int blockSize = layout.blockSize();
    if (kind == DiskKind.FIXED) {
      contents.into(image, Long.MAX_VALUE, at -> layout.dataAt() + at);
      return;
    }
    BlockPositions blocks = new BlockPositions(layout.dataAt(), blockSize);
    contents.into(
        image,
        blockSize,
        at -> {
          int block = (int) (at / blockSize);
          if (!blocks.has(block)) {
            ByteBuffer entry = buffer(Long.BYTES);
            entry.putLong(blocks.add(block) | VhdxLayout.FULLY_PRESENT);
            image.write(VhdxLayout.BAT_AT + layout.entry(block) * Long.BYTES, entry);
          }
          return blocks.of(block) + at % blockSize;
        });
    image.extend(blocks.end());
  }

  private static ByteBuffer sealed(ByteBuffer bytes) {
    return bytes.putInt(VhdxLayout.CHECKSUM_AT, checksum(bytes));
  }

  /** CRC-32C of the whole buffer, with the checksum field as zero. */
  static int checksum(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.capacity()];
    bytes.get(0, copy);
    ByteBuffer.wrap(copy).putInt(VhdxLayout.CHECKSUM_AT, 0);
    CRC32C crc = new CRC32C();
    crc.update(copy);
    return (int) crc.getValue();
  }
}
