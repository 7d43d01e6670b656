package dev.keg.linux.image;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskFormat;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the source disks for new ones: disks of volumes, or files of the host. */
record DiskSources(VolumeHomes homes) {
  /** A disk, and whether it belongs to a volume. */
  record Source(DiskFile file, Disk disk, boolean ofVolume) {}

  /** A disk to copy; one that needs other files is refused. */
  Source template(VolumeName volume, String text) throws IOException {
    Source source = find(volume, "from", text);
    if (source.disk().parent().isPresent()) {
      throw new InvalidOption(
          volume.text(),
          "invalid from: '" + text + "': it is built on another disk",
          "flatten it first: qemu-img convert -O qcow2 " + source.file().path() + " NEW");
    }
    return source;
  }

  /** A disk to build on, whose own parents exist. */
  Source backing(VolumeName volume, String text) throws IOException {
    Source source = find(volume, "backing", text);
    var _ = DiskChain.of(source.file().path(), source.file().format());
    return source;
  }

  private Source find(VolumeName volume, String key, String text) throws IOException {
    Optional<VolumeHome> home = VolumeName.lookup(text).flatMap(homes::find);
    Optional<DiskFile> ofVolume =
        home.isPresent() ? DiskFile.in(home.get()) : Optional.<DiskFile>empty();
    if (ofVolume.isPresent()) {
      return source(volume, key, ofVolume.get(), true);
    }
    Path path = path(volume, key, text);
    Optional<DiskFile> inHome = inHome(path);
    if (inHome.isPresent()) {
      return source(volume, key, inHome.get(), true);
    }
    if (!Files.isRegularFile(path)) {
      throw new InvalidOption(
          volume.text(),
          "invalid %s: '%s': %s"
              .formatted(
                  key, text, Files.exists(path) ? "not a regular file" : "no such volume or file"),
          key + " requires a volume with a disk image, or the path of an image");
    }
    return source(volume, key, new DiskFile(path, DiskFormat.recognise(path)), false);
  }

  private static Source source(VolumeName volume, String key, DiskFile file, boolean ofVolume)
      throws IOException {
    if (file.isEncrypted()) {
      throw new InvalidOption(
          volume.text(),
          "invalid %s: %s is encrypted".formatted(key, file.path()),
          "`keg clone` copies the disk of a volume, with its key");
    }
    return new Source(file, Disk.of(file.path(), file.format()), ofVolume);
  }

  /** The disk of the volume whose home contains the path, if any. */
  private Optional<DiskFile> inHome(Path path) throws IOException {
    Optional<VolumeHome> home =
        homes.all().stream().filter(other -> path.startsWith(other.path())).findFirst();
    return home.isPresent() ? DiskFile.in(home.get()) : Optional.empty();
  }

  private static Path path(VolumeName volume, String key, String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new InvalidOption(
          volume.text(), "invalid %s: '%s': %s".formatted(key, text, e.getReason()));
    }
  }
}
