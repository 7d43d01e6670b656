package dev.keg.linux.image;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.driver.Storage;
import dev.keg.file.FileFailures;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What {@code ls} and {@code inspect} show about a disk. */
final class DiskStorage {
  private final Options options;

  DiskStorage(Volume volume) {
    this.options = volume.options();
  }

  Storage of(VolumeHome home) throws IOException {
    Optional<DiskFile> file = DiskFile.in(home);
    if (file.isEmpty() || !Files.exists(file.get().path())) {
      Optional<DiskFile> missing = file.or(() -> made(home));
      Path path = missing.map(DiskFile::path).orElse(home.path());
      String format = missing.map(found -> found.format().word()).orElse("");
      return new Storage("", format, Optional.empty(), path, true).limitedBy(options);
    }
    DiskFile disk = file.get();
    boolean own = !disk.isAdopted(home) || options.has("path");
    boolean made = own && !options.has("from") && !options.has("backing");
    return new Storage(
        made ? made() : found(disk), disk.format().word(), capacity(disk), disk.path(), false);
  }

  /**
   * The disk that the volume was created with; empty for a copy, whose format is unknown without
   * the option.
   */
  private Optional<DiskFile> made(VolumeHome home) {
    boolean copied = options.has("from") || options.has("backing");
    return options
        .text("format")
        .or(() -> copied ? Optional.empty() : Optional.of(DiskFormat.RAW.word()))
        .flatMap(DiskFormat::ofWord)
        .map(format -> DiskFile.of(home, format));
  }

  private String made() {
    String fileSystem = options.text("fs").orElse("ext4");
    return fileSystem.equals("none") ? "" : fileSystem;
  }

  // In other formats, the superblock is not at the offset where it is searched.
  private static String found(DiskFile disk) {
    if (disk.format() != DiskFormat.RAW) {
      return "";
    }
    try {
      return Superblock.find(disk.path(), 0)
          .map(found -> found.kind().name().toLowerCase(Locale.ROOT))
          .orElse("");
    } catch (IOException _) {
      return ""; // `inspect` shows the reason under Status
    }
  }

  private Optional<Size> capacity(DiskFile disk) {
    Optional<Size> recorded = options.text("size").map(Size::parseBinary);
    if (recorded.isPresent()) {
      return recorded;
    }
    try {
      return Optional.of(Disk.of(disk.path(), disk.format()).size());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** Says that a disk cannot be read, so that inspecting the volume does not fail because of it. */
  static SortedMap<String, String> status(VolumeHome home) throws IOException {
    SortedMap<String, String> status = new TreeMap<>();
    DiskFile.in(home)
        .ifPresent(
            file -> {
              status.put("disk", file.path().toString());
              status.put("format", file.format().word());
              try {
                Disk disk = Disk.of(file.path(), file.format());
                status.put("size", disk.size().humanBinary());
              } catch (IOException e) {
                status.put("unreadable", why(e));
              }
            });
    return status;
  }

  private static String why(IOException e) {
    return e instanceof DiskException disk ? disk.why() : FileFailures.reason(e);
  }
}
