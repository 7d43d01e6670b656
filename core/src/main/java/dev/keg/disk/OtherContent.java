package dev.keg.disk;

import java.io.IOException;

/** Formats that would otherwise be mistaken for a raw disk, recognised by their first bytes. */
enum OtherContent {
  VMDK("a vmdk disk", 0, "KDMV"),
  VMDK_DESCRIPTION("a vmdk disk", 0, "# Disk DescriptorFile"),
  VDI("a vdi disk", 64, "\u007f\u0010\u00da\u00be"),
  QED("a qed disk", 0, "QED\0"),
  PARALLELS("a Parallels disk", 0, "WithoutFreeSpace"),
  GZIP("compressed by gzip", 0, "\u001f\u008b\b"),
  XZ("compressed by xz", 0, "\u00fd7zXZ\0"),
  ZSTD("compressed by zstd", 0, "(\u00b5/\u00fd"),
  BZIP2("compressed by bzip2", 0, "BZh"),
  TAR("a tar archive", 257, "ustar"),
  ZIP("a zip archive", 0, "PK\u0003\u0004");

  private static final int SECTOR = 512;

  private final String words;
  private final long at;
  private final String magic;

  OtherContent(String words, long at, String magic) {
    this.words = words;
    this.at = at;
    this.magic = magic;
  }

  static void refuse(ImageFile image) throws IOException {
    for (OtherContent content : values()) {
      if (DiskFormat.hasAt(image, content.at, content.magic)) {
        throw image.broken("it is " + content.words + "; convert it to raw or qcow2 first");
      }
    }
    if (image.length() == 0 || image.length() % SECTOR != 0) {
      throw image.broken(
          "it is not a disk image: %d bytes are not whole sectors".formatted(image.length()));
    }
  }
}
