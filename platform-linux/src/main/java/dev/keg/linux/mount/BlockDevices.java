package dev.keg.linux.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the file whose content a block device shows, asked of sysfs(5) once for each device. */
final class BlockDevices {
  private static final int DEEPEST = 8;
  private static final String DELETED = " (deleted)";

  private final Path devices;
  private final Path processes;
  private final Map<String, Optional<Path>> files = new HashMap<>();

  BlockDevices() {
    this(Path.of("/sys/dev/block"), Path.of("/proc"));
  }

  BlockDevices(Path devices, Path processes) {
    this.devices = devices;
    this.processes = processes;
  }

  /**
   * The file below the directory that this device, {@code 7:0}, shows, itself or through others.
   */
  Optional<Path> fileBelow(Path directory, String device) {
    return files.computeIfAbsent(device, _ -> find(directory, devices.resolve(device), 0));
  }

  private Optional<Path> find(Path directory, Path device, int depth) {
    return depth > DEEPEST
        ? Optional.empty()
        : image(device)
            .or(() -> served(directory, device))
            .filter(file -> file.startsWith(directory))
            .or(() -> below(directory, device, depth));
  }

  // Of a loop device; the newline that ends it is not part of the name.
  private static Optional<Path> image(Path device) {
    try {
      String line = Files.readString(device.resolve("loop/backing_file"));
      String file = line.substring(0, line.length() - 1);
      return Optional.of(
          Path.of(
              file.endsWith(DELETED) ? file.substring(0, file.length() - DELETED.length()) : file));
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }

  // Of an nbd device: an argument of the process that serves it.
  private Optional<Path> served(Path directory, Path device) {
    try {
      String process = Files.readString(device.resolve("pid")).strip();
      String line =
          Files.readString(processes.resolve(process).resolve("cmdline"), StandardCharsets.UTF_8);
      return Stream.of(line.split("\0", -1))
          .filter(word -> word.startsWith(directory.toString()))
          .map(Path::of)
          .findFirst();
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }

  // Of a mapping, such as an encrypted one: the devices that it is built on.
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
