package dev.keg.linux.image;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.linux.driver.EncryptionOptions;
import dev.keg.linux.filesystem.DiskFileSystem;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.util.List;
import java.util.Optional;

/** The options of a new volume of the {@code image} driver. */
sealed interface ImageOptions {
  List<OptionDescriptor> KNOWN =
      List.of(
          new OptionDescriptor(
              "format",
              "raw|qcow2|vhdx|vhd",
              "the format of the file (default raw, or that of the source)"),
          new OptionDescriptor("size", "SIZE", "the size of the disk (default 10g)"),
          new OptionDescriptor(
              "type",
              "dynamic|fixed",
              "for raw, vhdx and vhd: takes up space when written, or at once"),
          new OptionDescriptor(
              "fs",
              "ext4|xfs|btrfs|ntfs|exfat|fat32|none",
              "the file system on a new disk (default ext4)"),
          new OptionDescriptor("from", "VOLUME|FILE", "a disk to copy").reaching(Reach.HOST),
          new OptionDescriptor(
                  "backing", "VOLUME|FILE", "a disk to build on, storing only the differences")
              .reaching(Reach.HOST),
          new OptionDescriptor(
                  "path", "FILE", "where the disk is (default: in the volume's directory)")
              .reaching(Reach.DATA),
          new OptionDescriptor(
              EncryptionOptions.WORD,
              "true|false",
              "for qcow2 (then the default) and raw: encrypt it (LUKS)"),
          EncryptionOptions.KEY_FILE);

  List<String> FILE_SYSTEMS = List.of("ext4", "xfs", "btrfs", "ntfs", "exfat", "fat32", "none");

  Size DEFAULT_SIZE = new Size(10L << 30);
  long MIB = 1L << 20;

  /** A blank disk, with or without a file system. */
  record Fresh(Shape shape, Optional<DiskFileSystem> fileSystem) implements ImageOptions {}

  /** A copy of a disk, in another format or larger if requested. */
  record Copy(String from, Optional<DiskFormat> format, DiskKind kind, Optional<Size> size)
      implements ImageOptions {}

  /** A disk that stores the differences from another one. */
  record Overlay(String backing, Optional<DiskFormat> format, Optional<Size> size)
      implements ImageOptions {}

  /** Format, kind and size. */
  record Shape(DiskFormat format, DiskKind kind, Size size) {
    /** The shape as core's disk writers take it. */
    BlankDisk blank() {
      return new BlankDisk(format, kind, size);
    }

    /** Whether QEMU's programs, rather than core, write the format. */
    boolean isByQemu() {
      return format == DiskFormat.QCOW2 || format == DiskFormat.LUKS;
    }
  }

  static ImageOptions of(DriverOptions options) {
    Optional<DiskFormat> format = format(options, EncryptionOptions.of(options).isPresent());
    if (options.has("backing")) {
      refuse(options, "a disk that is built on another is not encrypted", EncryptionOptions.WORD);
      refuse(options, "the backing disk determines it", "fs", "type", "from");
      if (format.equals(Optional.of(DiskFormat.RAW))) {
        throw options.invalid("format", "qcow2, vhdx or vhd: a raw disk has no backing");
      }
      return new Overlay(
          options.require("backing"), format, options.size("size").map(ImageOptions::whole));
    }
    DiskKind kind = kind(options, format.orElse(DiskFormat.RAW));
    if (options.has("from")) {
      refuse(options, "the source disk determines it", "fs");
      return new Copy(
          options.require("from"), format, kind, options.size("size").map(ImageOptions::whole));
    }
    return fresh(options, format.orElse(DiskFormat.RAW), kind);
  }

  private static Optional<DiskFormat> none() {
    return Optional.empty();
  }

  private static void refuse(DriverOptions options, String why, String... keys) {
    for (String key : keys) {
      if (options.has(key)) {
        throw options.misplaced(key, why);
      }
    }
  }

  private static Optional<DiskFormat> format(DriverOptions options, boolean encrypted) {
    if (!options.has("format")) {
      return encrypted ? Optional.of(DiskFormat.QCOW2) : none();
    }
    String word = options.choice("format", "raw", List.of("raw", "qcow2", "vhdx", "vhd"));
    DiskFormat format = DiskFormat.ofWord(word).orElseThrow();
    if (!encrypted || format == DiskFormat.QCOW2) {
      return Optional.of(format);
    }
    if (format != DiskFormat.RAW) {
      throw options.invalid("format", "qcow2 or raw, which can be encrypted");
    }
    return Optional.of(DiskFormat.LUKS);
  }

  private static DiskKind kind(DriverOptions options, DiskFormat format) {
    String word = options.choice("type", "dynamic", List.of("dynamic", "fixed"));
    if (options.has("type") && format == DiskFormat.QCOW2) {
      throw options.invalid("type", "format=raw, format=vhdx or format=vhd");
    }
    return word.equals("fixed") ? DiskKind.FIXED : DiskKind.DYNAMIC;
  }

  private static Fresh fresh(DriverOptions options, DiskFormat format, DiskKind kind) {
    Size size = whole(options.size("size").orElse(DEFAULT_SIZE));
    if (options.text("fs").filter("refs"::equals).isPresent()) {
      throw options.invalid("fs", "Windows for refs: create it there with driver vhdx");
    }
    String fs = options.choice("fs", "ext4", FILE_SYSTEMS);
    try {
      // Formats that core cannot write have no tighter limits than raw.
      boolean byQemu = new Shape(format, kind, size).isByQemu();
      var _ = new BlankDisk(byQemu ? DiskFormat.RAW : format, kind, size);
    } catch (InvalidSize e) {
      throw options.invalid("size", "another size: " + e.getMessage());
    }
    return new Fresh(new Shape(format, kind, size), fileSystem(options, fs, size));
  }

  private static Optional<DiskFileSystem> fileSystem(
      DriverOptions options, String word, Size size) {
    if (word.equals("none")) {
      return Optional.empty();
    }
    DiskFileSystem fileSystem = DiskFileSystem.of(word);
    Size least = fileSystem.smallest();
    if (size.compareTo(least) < 0) {
      throw options.invalid("size", "at least " + least.humanBinary() + " for " + word);
    }
    return Optional.of(fileSystem);
  }

  /** Whether the disk keeps all of its space allocated. */
  static boolean isFixed(Volume volume) {
    return volume.options().text("type").filter("fixed"::equals).isPresent();
  }

  /** Rounds up to whole MiB, which every format and every machine supports. */
  static Size whole(Size size) {
    long rest = size.bytes() % MIB;
    return rest == 0 || size.bytes() > Long.MAX_VALUE - MIB
        ? size
        : new Size(size.bytes() - rest + MIB);
  }
}
