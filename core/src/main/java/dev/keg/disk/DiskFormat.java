package dev.keg.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The formats of disk images. */
public enum DiskFormat {
  RAW,
  /**
   * A raw disk that the host encrypts. It is not detected, since a guest may also encrypt a raw
   * disk.
   */
  LUKS,
  QCOW2,
  VHDX,
  VHD,
  ISO;

  /** The volume descriptors of ISO 9660 begin at sector 16, each with a type and this word. */
  private static final long ISO_WORD_AT = 16 * 2048 + 1;

  private static final int MAGIC_LENGTH = 8;

  /** Its name in options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<DiskFormat> ofWord(String word) {
    return Arrays.stream(values()).filter(format -> format.word().equals(word)).findFirst();
  }

  /**
   * Detects the format from the content alone, since a name may be wrong. Anything unknown is raw.
   * So a guest can make its raw disk look like any other format, and the format of an image is
   * recorded and never detected again.
   */
  public static DiskFormat of(Path file) throws IOException {
    try (ImageFile image = ImageFile.open(file)) {
      return of(image);
    }
  }

  /**
   * As {@link #of(Path)}, for a file from elsewhere: refuses a file that is clearly not a disk or
   * has an unknown format, which would be garbage as a raw disk.
   */
  public static DiskFormat recognise(Path file) throws IOException {
    try (ImageFile image = ImageFile.open(file)) {
      DiskFormat format = of(image);
      if (format == RAW) {
        OtherContent.refuse(image);
      }
      return format;
    }
  }

  static DiskFormat of(ImageFile image) throws IOException {
    if (starts(image, "vhdxfile")) {
      return VHDX;
    }
    if (starts(image, "QFI\u00fb")) {
      return QCOW2;
    }
    if (starts(image, VhdFooter.COOKIE) || VhdFooter.atEnd(image).isPresent()) {
      return VHD;
    }
    return hasAt(image, ISO_WORD_AT, "CD001") ? ISO : RAW;
  }

  private static boolean starts(ImageFile image, String magic) throws IOException {
    return image.length() >= MAGIC_LENGTH && hasAt(image, 0, magic);
  }

  static boolean hasAt(ImageFile image, long at, String magic) throws IOException {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    return at + wanted.length <= image.length()
        && image.read(at, wanted.length).equals(ByteBuffer.wrap(wanted));
  }
}
