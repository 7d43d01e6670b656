package dev.keg.disk;

import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Reads the header of a qcow2 image, big-endian (QEMU's {@code docs/interop/qcow2.txt}):
 *
 * <pre>
 *  0 "QFI\xfb"   4 version   8 backing file offset  16 its length  20 cluster bits
 * 24 size       32 crypt method     72 incompatible features (version 3; bit 0: dirty)
 * </pre>
 */
final class Qcow2Reader {
  private static final int HEADER_LENGTH = 104;
  private static final int VERSION_2_LENGTH = 72;
  private static final int LONGEST_NAME = 1023;
  private static final int SECTOR = 512;
  private static final long DIRTY = 1;
  private static final Pattern PROTOCOL = Pattern.compile("[A-Za-z0-9+.-]+:");

  private final ImageFile image;

  Qcow2Reader(ImageFile image) {
    this.image = image;
  }

  Disk read() throws IOException {
    ByteBuffer header =
        image.read(0, (int) Math.min(HEADER_LENGTH, image.length())).order(ByteOrder.BIG_ENDIAN);
    int version = header.capacity() < VERSION_2_LENGTH ? 0 : header.getInt(4);
    long size = version == 0 ? 0 : header.getLong(24);
    if ((version != 2 && version != 3) || size < 0) {
      throw image.broken("its qcow2 header is damaged or of an unknown version");
    }
    Optional<ParentLink> parent = backing(header);
    boolean dirty =
        version == 3 && header.capacity() == HEADER_LENGTH && (header.getLong(72) & DIRTY) != 0;
    return new Disk(
        DiskFormat.QCOW2,
        parent.isPresent() ? DiskKind.DIFFERENCING : DiskKind.DYNAMIC,
        new Size(size),
        SECTOR,
        Optional.empty(),
        Optional.empty(),
        parent,
        OptionalLong.empty(),
        dirty);
  }

  /** The name may also be a protocol with an address, which is nothing to follow blindly. */
  private Optional<ParentLink> backing(ByteBuffer header) throws IOException {
    long at = header.getLong(8);
    int length = header.getInt(16);
    if (at == 0) {
      return Optional.empty();
    }
    if (length <= 0 || length > LONGEST_NAME) {
      throw image.broken("the name of its backing file is damaged");
    }
    String name = StandardCharsets.UTF_8.decode(image.read(at, length)).toString();
    if (PROTOCOL.matcher(name).lookingAt()) {
      throw image.broken("its backing file is not a file: " + name);
    }
    String place = image.path().toAbsolutePath().resolveSibling(name).normalize().toString();
    return Optional.of(new ParentLink(Optional.empty(), Optional.empty(), Optional.of(place)));
  }
}
