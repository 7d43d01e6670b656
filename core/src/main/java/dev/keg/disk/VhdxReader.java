package dev.keg.disk;

import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Reads the headers of a VHDX. Of the two headers, the valid one with the higher sequence number
 * counts; of the two region tables, any valid one.
 */
public final class VhdxReader {
  private static final int VERSION_AT = 66;
  private static final int MOST_REGIONS = 2047;
  private static final long LARGEST = 64L << 40;

  private final ImageFile image;

  public VhdxReader(ImageFile image) {
    this.image = image;
  }

  private record Header(long sequence, UUID dataWrite, UUID log) {}

  private record Region(long at, long length) {}

  /** The position of the block table. */
  public record BlockTable(long at, VhdxLayout layout) {}

  /** The block table of an image whose headers were checked. */
  public BlockTable blockTable() throws IOException {
    Map<UUID, Region> regions = regions();
    VhdxMetadata metadata = VhdxMetadata.read(image, region(regions, VhdxLayout.METADATA).at());
    ByteBuffer parameters = metadata.require(image, VhdxLayout.FILE_PARAMETERS, 8);
    VhdxLayout layout = layout(metadata, parameters.getInt(0), parameters.getInt(4));
    Region table = region(regions, VhdxLayout.BAT);
    if (layout.entries() * Long.BYTES > table.length()) {
      throw image.broken("the block table of this vhdx is too short");
    }
    return new BlockTable(table.at(), layout);
  }

  Disk read() throws IOException {
    Header header = header();
    Map<UUID, Region> regions = regions();
    VhdxMetadata metadata = VhdxMetadata.read(image, region(regions, VhdxLayout.METADATA).at());
    ByteBuffer parameters = metadata.require(image, VhdxLayout.FILE_PARAMETERS, 8);
    int flags = parameters.getInt(4);
    VhdxLayout layout = layout(metadata, parameters.getInt(0), flags);
    DiskKind kind = kind(flags);
    OptionalLong contiguous =
        kind == DiskKind.FIXED
            ? contiguous(layout, region(regions, VhdxLayout.BAT))
            : OptionalLong.empty();
    return new Disk(
        DiskFormat.VHDX,
        kind,
        new Size(layout.size()),
        layout.sectorSize(),
        Optional.of(Guid.get(metadata.require(image, VhdxLayout.VIRTUAL_DISK_ID, Guid.LENGTH))),
        Optional.of(header.dataWrite()),
        kind == DiskKind.DIFFERENCING ? Optional.of(parent(metadata)) : Optional.empty(),
        contiguous,
        !header.log().equals(Guid.NONE));
  }

  private static DiskKind kind(int flags) {
    if ((flags & VhdxLayout.HAS_PARENT) != 0) {
      return DiskKind.DIFFERENCING;
    }
    return (flags & VhdxLayout.LEAVE_BLOCKS_ALLOCATED) != 0 ? DiskKind.FIXED : DiskKind.DYNAMIC;
  }

  private Header header() throws IOException {
    Optional<Header> current = Optional.empty();
    for (long at : VhdxLayout.HEADERS_AT) {
      ByteBuffer bytes = image.read(at, VhdxLayout.HEADER_LENGTH);
      if (bytes.getInt(0) == VhdxLayout.HEADER_SIGNATURE
          && valid(bytes)
          && bytes.getShort(VERSION_AT) == 1) {
        bytes.position(8);
        long sequence = bytes.getLong();
        bytes.position(bytes.position() + Guid.LENGTH);
        Header header = new Header(sequence, Guid.get(bytes), Guid.get(bytes));
        current = current.filter(c -> c.sequence() >= sequence).or(() -> Optional.of(header));
      }
    }
    return current.orElseThrow(() -> image.broken("both headers of this vhdx are damaged"));
  }

  private static boolean valid(ByteBuffer bytes) {
    return bytes.getInt(VhdxLayout.CHECKSUM_AT) == VhdxWriter.checksum(bytes);
  }

  private Map<UUID, Region> regions() throws IOException {
    for (long at : VhdxLayout.REGION_TABLES_AT) {
      ByteBuffer table = image.read(at, VhdxLayout.KIB_64);
      int count = table.getInt(8);
      if (table.getInt(0) == VhdxLayout.REGION_SIGNATURE
          && valid(table)
          && count >= 0
          && count <= MOST_REGIONS) {
        return regions(table.position(16), count);
      }
    }
    throw image.broken("both region tables of this vhdx are damaged");
  }

  private Map<UUID, Region> regions(ByteBuffer table, int count) throws IOException {
    Map<UUID, Region> regions = new HashMap<>();
    for (int i = 0; i < count; i++) {
      UUID id = Guid.get(table);
      Region region = new Region(table.getLong(), Integer.toUnsignedLong(table.getInt()));
      boolean required = (table.getInt() & 1) != 0;
      boolean known = id.equals(VhdxLayout.BAT) || id.equals(VhdxLayout.METADATA);
      if (required && !known) {
        throw image.broken("it requires an unknown feature of vhdx: " + id);
      }
      regions.put(id, region);
    }
    return regions;
  }

  private Region region(Map<UUID, Region> regions, UUID id) throws DiskException {
    Region region = regions.get(id);
    if (region == null || region.at() < VhdxLayout.MIB) {
      throw image.broken("the region table of this vhdx is incomplete");
    }
    return region;
  }

  private VhdxLayout layout(VhdxMetadata metadata, int blockSize, int flags) throws IOException {
    long size = metadata.require(image, VhdxLayout.VIRTUAL_DISK_SIZE, 8).getLong(0);
    int sector = metadata.require(image, VhdxLayout.LOGICAL_SECTOR_SIZE, 4).getInt(0);
    boolean possible =
        (sector == BlankDisk.SECTOR || sector == BlankDisk.LARGE_SECTOR)
            && Integer.bitCount(blockSize) == 1
            && blockSize >= 1 << 20
            && blockSize <= 256 << 20
            && size > 0
            && size <= LARGEST
            && size % sector == 0;
    if (!possible) {
      throw image.broken("the metadata of this vhdx describes an impossible disk");
    }
    return new VhdxLayout(size, blockSize, sector, (flags & VhdxLayout.HAS_PARENT) != 0);
  }

  private ParentLink parent(VhdxMetadata metadata) throws IOException {
    Map<String, String> pairs = metadata.locator(image);
    String linkage = pairs.getOrDefault("parent_linkage", "");
    try {
      return new ParentLink(
          Optional.of(DiskFormat.VHDX),
          Optional.of(UUID.fromString(linkage.replaceAll("[{}]", ""))),
          Optional.ofNullable(pairs.get("relative_path")),
          Optional.ofNullable(pairs.get("absolute_win32_path")));
    } catch (IllegalArgumentException _) {
      throw image.broken("the identity of its parent is damaged");
    }
  }

  /** Where the data begins, if each block follows the previous one, as Keg writes it. */
  private OptionalLong contiguous(VhdxLayout layout, Region bat) throws IOException {
    if (layout.entries() * Long.BYTES > bat.length()) {
      throw image.broken("the block table of this vhdx is too short");
    }
    long first = entry(image.read(bat.at(), Long.BYTES).getLong());
    int pieceEntries = VhdxLayout.KIB_64 / Long.BYTES;
    ByteBuffer piece = ByteBuffer.allocate(0);
    long pieceAt = -pieceEntries;
    for (long block = 0; block < layout.blocks(); block++) {
      long index = layout.entry(block);
      if (index >= pieceAt + pieceEntries) {
        pieceAt = index / pieceEntries * pieceEntries;
        piece = image.read(bat.at() + pieceAt * Long.BYTES, VhdxLayout.KIB_64);
      }
      long place = entry(piece.getLong((int) (index - pieceAt) * Long.BYTES));
      if (place < 0 || place != first + block * layout.blockSize()) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(first);
  }

  /** The position of a block; negative if it is not fully present. */
  private static long entry(long raw) {
    boolean present = (raw & VhdxLayout.STATE_MASK) == VhdxLayout.FULLY_PRESENT;
    return present ? raw & -VhdxLayout.MIB : -1;
  }
}
