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
 * 24 size       32 crypt method     72 incompatible features (version 3)
 * </pre>
 */
final class Qcow2Reader {
  private static final int VERSION_2_LENGTH = 72;
  private static final int VERSION_3_LENGTH = 104;
  private static final int LONGEST_HEADER = 4096;
  private static final int BACKING_FORMAT = 0xE2792ACA;
  private static final int LONGEST_NAME = 1023;
  private static final int SECTOR = 512;
  private static final long DIRTY = 1;
  private static final long CORRUPT = 2;

  /**
   * External data files are refused: the image chooses the name, which may be any file of the host.
   */
  private static final long DATA_ELSEWHERE = 4;

  private static final Pattern PROTOCOL = Pattern.compile("[A-Za-z0-9+.-]+:");

  private final ImageFile image;

  Qcow2Reader(ImageFile image) {
    this.image = image;
  }

  Disk read() throws IOException {
    ByteBuffer header =
        image.read(0, (int) Math.min(LONGEST_HEADER, image.length())).order(ByteOrder.BIG_ENDIAN);
    int version = header.capacity() < VERSION_2_LENGTH ? 0 : header.getInt(4);
    boolean known = version == 2 || (version == 3 && header.capacity() >= VERSION_3_LENGTH);
    if (!known || header.getLong(24) < 0) {
      throw image.broken("its qcow2 header is damaged or of an unknown version");
    }
    long features = version == 3 ? header.getLong(72) : 0;
    if ((features & DATA_ELSEWHERE) != 0) {
      throw image.broken("its data is in an external file");
    }
    Optional<ParentLink> parent = backing(header, version);
    return new Disk(
        DiskFormat.QCOW2,
        parent.isPresent() ? DiskKind.DIFFERENCING : DiskKind.DYNAMIC,
        new Size(header.getLong(24)),
        SECTOR,
        Optional.empty(),
        Optional.empty(),
        parent,
        OptionalLong.empty(),
        (features & (DIRTY | CORRUPT)) != 0);
  }

  /** The name may also be a protocol with an address, which is refused. */
  private Optional<ParentLink> backing(ByteBuffer header, int version) throws IOException {
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
    return Optional.of(
        new ParentLink(
            backingFormat(header, version),
            Optional.empty(),
            Optional.empty(),
            Optional.of(place)));
  }

  /** An extension of the header: type, length, then the name, padded to 8 bytes. */
  private Optional<DiskFormat> backingFormat(ByteBuffer header, int version) throws IOException {
    int at = version == 3 ? header.getInt(100) : VERSION_2_LENGTH;
    while (at >= VERSION_2_LENGTH && at <= header.capacity() - 8 && header.getInt(at) != 0) {
      int length = header.getInt(at + 4);
      if (length < 0 || length > header.capacity() - 8 - at) {
        throw image.broken("an extension of its qcow2 header is damaged");
      }
      if (header.getInt(at) == BACKING_FORMAT) {
        byte[] word = new byte[length];
        header.get(at + 8, word);
        return ofQemu(new String(word, StandardCharsets.US_ASCII));
      }
      at += 8 + (length + 7) / 8 * 8;
    }
    return Optional.empty();
  }

  private static Optional<DiskFormat> ofQemu(String word) {
    return word.equals("vpc") ? Optional.of(DiskFormat.VHD) : DiskFormat.ofWord(word);
  }
}
