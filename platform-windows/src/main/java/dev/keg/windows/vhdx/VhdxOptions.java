package dev.keg.windows.vhdx;

import dev.keg.disk.Blank;
import dev.keg.disk.DiskKind;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.volume.Volume;
import dev.keg.windows.driver.DiskLimits;
import dev.keg.windows.driver.OptionString;
import dev.keg.windows.win32.VolumeFormat;
import java.util.List;

/** What a volume of the {@code vhdx} driver is to be: a new disk, or a child of another one. */
sealed interface VhdxOptions {
  List<OptionDescriptor> KNOWN =
      List.of(
          new OptionDescriptor("size", "SIZE", "how much it holds; 10g if not given"),
          new OptionDescriptor(
              "type",
              "dynamic|fixed|differencing",
              "takes up space as it is written, at once, or only where it differs from its parent"),
          new OptionDescriptor(
                  "parent", "VOLUME|PATH", "the disk to begin with; it must not change any more")
              .reaching(Reach.HOST),
          new OptionDescriptor("fs", "ntfs|refs|fat32|exfat", "the file system; ntfs if not given"),
          new OptionDescriptor(
              "persistent", "true", "the data outlives a mount; the temp driver's does not"));

  /** An empty disk. */
  record Fresh(Blank disk, VolumeFormat format) implements VhdxOptions {}

  /** A disk that begins as another one is. */
  record Child(String parent) implements VhdxOptions {}

  static VhdxOptions of(Volume volume) {
    return of(DriverOptions.of(volume.name(), volume.options(), KNOWN));
  }

  static VhdxOptions of(DriverOptions given) {
    DriverOptions options = OptionString.spread(given, KNOWN);
    if (options.has("persistent") && !options.flag("persistent")) {
      throw options.invalid("persistent", "true; data that is gone at unmount is driver temp's");
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
    return new Fresh(DiskLimits.blank(options, kind, format), format);
  }

  private static Child child(DriverOptions options) {
    for (String key : List.of("size", "fs")) {
      if (options.has(key)) {
        throw options.invalid(key, "to be left out: a differencing disk has its parent's");
      }
    }
    return new Child(options.require("parent"));
  }
}
