package dev.keg.windows.vhdx;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskKind;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.windows.driver.DiskLimits;
import dev.keg.windows.driver.EncryptionOptions;
import dev.keg.windows.driver.GrantOptions;
import dev.keg.windows.driver.OptionString;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.VolumeFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The options of the {@code vhdx} driver: they ask for a new disk, or for a child of another one.
 */
sealed interface VhdxOptions {
  List<OptionDescriptor> KNOWN =
      Stream.concat(
              Stream.of(
                  new OptionDescriptor("size", "SIZE", "the size of the disk (default 10g)"),
                  new OptionDescriptor(
                      "type",
                      "dynamic|fixed|differencing",
                      "takes up space when written, at once, or only for changes to its parent"),
                  new OptionDescriptor(
                          "parent",
                          "VOLUME|PATH",
                          "the disk to begin with; it must not change afterwards")
                      .reaching(Reach.HOST),
                  new OptionDescriptor(
                      "fs", "ntfs|refs|fat32|exfat", "the file system (default ntfs)"),
                  new OptionDescriptor(
                      "block-size",
                      "SIZE",
                      "how much a dynamic disk grows at a time (default 32m)"),
                  new OptionDescriptor("sector-size", "512|4096", "of the disk (default 512)"),
                  new OptionDescriptor(
                      "integrity", "true|false", "with fs=refs: keep checksums of the data"),
                  new OptionDescriptor(
                      "persistent",
                      "true",
                      "keep the data after an unmount, which driver temp does not"),
                  EncryptionOptions.ENCRYPTED,
                  EncryptionOptions.KEY_FILE,
                  EncryptionOptions.RECOVERY),
              GrantOptions.KNOWN.stream())
          .toList();

  /** The properties that a differencing disk takes from its parent, including the key. */
  List<String> OF_PARENT =
      List.of(
          "size",
          "fs",
          "block-size",
          "sector-size",
          "integrity",
          "grant",
          "owner",
          "encrypted",
          "recovery");

  long MIB = 1L << 20;

  /** An empty disk. */
  record Fresh(
      BlankDisk disk,
      int blockSize,
      VolumeFormat format,
      Grants grants,
      boolean integrity,
      boolean encrypted)
      implements VhdxOptions {}

  /** A differencing disk. */
  record Child(String parent) implements VhdxOptions {}

  static VhdxOptions of(Volume volume) {
    return of(DriverOptions.of(volume.name(), volume.options(), KNOWN));
  }

  static VhdxOptions of(DriverOptions given) {
    DriverOptions options = OptionString.spread(given, KNOWN);
    if (options.has("persistent") && !options.flag("persistent")) {
      throw options.invalid("persistent", "true; use driver temp for data that is gone at unmount");
    }
    String usual = options.has("parent") ? "differencing" : "dynamic";
    return switch (options.choice("type", usual, List.of("dynamic", "fixed", "differencing"))) {
      case "differencing" -> child(options);
      case "fixed" -> fresh(options, DiskKind.FIXED);
      default -> fresh(options, DiskKind.DYNAMIC);
    };
  }

  private static Fresh fresh(DriverOptions options, DiskKind kind) {
    if (options.has("parent")) {
      throw options.invalid("parent", "type=differencing");
    }
    VolumeFormat format = VolumeFormat.ofWord(options.choice("fs", "ntfs", VolumeFormat.words()));
    boolean integrity = options.flag("integrity");
    if (integrity && format != VolumeFormat.REFS) {
      throw options.invalid("integrity", "fs=refs");
    }
    String sector = options.choice("sector-size", "512", List.of("512", "4096"));
    BlankDisk disk = DiskLimits.blank(options, kind, format);
    return new Fresh(
        new BlankDisk(disk.format(), kind, disk.size(), Integer.parseInt(sector)),
        blockSize(options, kind),
        format,
        GrantOptions.of(options, format),
        integrity,
        encrypted(options, format));
  }

  private static boolean encrypted(DriverOptions options, VolumeFormat format) {
    boolean encrypted = options.flag("encrypted");
    if (encrypted && format != VolumeFormat.NTFS) {
      throw options.invalid("encrypted", "fs=ntfs");
    }
    if (!encrypted) {
      EncryptionOptions.refuseKeys(options);
    }
    Optional<Path> _ = EncryptionOptions.keyFile(options);
    Optional<Path> _ = EncryptionOptions.recovery(options);
    return encrypted;
  }

  private static int blockSize(DriverOptions options, DiskKind kind) {
    Optional<Size> wanted = options.size("block-size");
    if (wanted.isEmpty()) {
      return 0;
    }
    long bytes = wanted.get().bytes();
    if (kind == DiskKind.FIXED || bytes < MIB || bytes > 256 * MIB || Long.bitCount(bytes) != 1) {
      throw options.invalid("block-size", "1m, 2m, 4m and so on up to 256m, for a dynamic disk");
    }
    return (int) bytes;
  }

  private static Child child(DriverOptions options) {
    for (String key : OF_PARENT) {
      if (options.has(key)) {
        throw options.misplaced(key, "a differencing disk has its parent's");
      }
    }
    Optional<Path> _ = EncryptionOptions.keyFile(options);
    return new Child(options.require("parent"));
  }
}
