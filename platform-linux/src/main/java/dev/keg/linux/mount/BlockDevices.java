package dev.keg.linux.mount;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the file whose content a block device shows, looking up each device in sysfs(5) only once.
 */
final class BlockDevices {
  private static final int DEEPEST = 8;
  private static final String DELETED = " (deleted)";
  private static final String FILE_OPTION = ",file.filename=";
  private static final Path DEVICES = Path.of("/dev");

  private static final Set<String> SPREADING = Set.of("btrfs", "bcachefs");

  private static final String NUMBERS = "dev/block";
  private static final String NAMES = "class/block";

  private final Path sys;
  private final Path processes;
  private final Map<String, Optional<Path>> files = new HashMap<>();

  BlockDevices() {
    this(Path.of("/sys"), Path.of("/proc"));
  }

  BlockDevices(Path sys, Path processes) {
    this.sys = sys;
    this.processes = processes;
  }

  /** The file below the directory that stores the data of the mount. */
  Optional<Path> fileBelow(Path directory, Mount mount) {
    return files.computeIfAbsent(
        mount.device(), _ -> device(mount).flatMap(device -> find(directory, device, 0)));
  }

  // A file system that can have several devices, such as btrfs, has a device number of its own.
  private Optional<Path> device(Mount mount) {
    if (!mount.device().startsWith("0:")) {
      return Optional.of(sys.resolve(NUMBERS).resolve(mount.device()));
    }
    // For other types, anybody with a user namespace can choose the source's text.
    return SPREADING.contains(mount.type()) && mount.source().startsWith("/dev/")
        ? Optional.of(named(Path.of(mount.source())))
        : Optional.empty();
  }

  // Mappings of device-mapper are linked by name.
  private Path named(Path file) {
    Path names = sys.resolve(NAMES);
    try {
      return names.resolve(String.valueOf(file.toRealPath().getFileName()));
    } catch (IOException _) {
      return names.resolve(String.valueOf(file.getFileName()));
    }
  }

  private Optional<Path> find(Path directory, Path device, int depth) {
    if (depth > DEEPEST) {
      return Optional.empty();
    }
    Optional<Path> image = image(device);
    Optional<Path> other = image.filter(file -> DEVICES.equals(file.getParent()));
    if (other.isPresent()) { // the device shows a part of another one
      return find(directory, named(other.get()), depth + 1);
    }
    return image
        .or(() -> served(directory, device))
        .filter(file -> file.startsWith(directory))
        .or(() -> below(directory, device, depth));
  }

  // The image of a loop device, none while it is detached; the final newline is not part of its
  // name.
  private static Optional<Path> image(Path device) {
    try {
      String line = Files.readString(device.resolve("loop/backing_file"));
      if (line.isEmpty()) {
        return Optional.empty();
      }
      String file = line.substring(0, line.length() - 1);
      return Optional.of(
          Path.of(
              file.endsWith(DELETED) ? file.substring(0, file.length() - DELETED.length()) : file));
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }

  // The image of an nbd device: an argument of the process that serves it, or the end of an
  // argument that has options for an encrypted disk.
  private Optional<Path> served(Path directory, Path device) {
    try {
      String process = Files.readString(device.resolve("pid")).strip();
      Path line = processes.resolve(process).resolve("cmdline");
      return Stream.of(new String(Files.readAllBytes(line), ProcMounts.NAMES).split("\0", -1))
          .map(BlockDevices::file)
          .filter(word -> word.startsWith(directory.toString()))
          .map(Path::of)
          .findFirst();
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }

  private static String file(String word) {
    int at = word.lastIndexOf(FILE_OPTION);
    return at < 0 ? word : word.substring(at + FILE_OPTION.length()).replace(",,", ",");
  }

  // The file below a mapping, such as an encrypted one: the devices that it is built on are
  // followed.
  private Optional<Path> below(Path directory, Path device, int depth) {
    try (DirectoryStream<Path> slaves = Files.newDirectoryStream(device.resolve("slaves"))) {
      for (Path slave : slaves) {
        Optional<Path> file = find(directory, slave, depth + 1);
        if (file.isPresent()) {
          return file;
        }
      }
    } catch (IOException _) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
