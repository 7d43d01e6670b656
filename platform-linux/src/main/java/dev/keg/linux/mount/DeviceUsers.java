package dev.keg.linux.mount;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which devices programs have open, and which are mounted in other mount namespaces, according to
 * proc(5); only root sees everything.
 *
 * @param devices their paths, as their users see them
 */
public record DeviceUsers(Set<String> devices) {
  private static final Path PROCESSES = Path.of("/proc");
  private static final String DEVICES = "/dev/";

  public DeviceUsers {
    devices = Set.copyOf(devices);
  }

  /** Looks at all processes. */
  public static DeviceUsers read() throws IOException {
    Set<String> devices = new HashSet<>();
    for (ProcMounts table : OtherNamespaces.read().tables().values()) {
      table.mounts().stream()
          .map(Mount::source)
          .filter(source -> source.startsWith(DEVICES))
          .forEach(devices::add);
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      processes.forEach(process -> addOpen(process.resolve("fd"), devices));
    }
    return new DeviceUsers(devices);
  }

  private static void addOpen(Path descriptors, Set<String> devices) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
      all.forEach(descriptor -> target(descriptor).ifPresent(devices::add));
    } catch (IOException | DirectoryIteratorException _) {
      return; // the process is ending, or belongs to somebody else
    }
  }

  private static Optional<String> target(Path descriptor) {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor).toString())
          .filter(file -> file.startsWith(DEVICES));
    } catch (IOException _) {
      return Optional.empty(); // it is being closed
    }
  }

  /** Whether anything uses the device or a partition of it. */
  public boolean use(Path device) {
    String name = device.toString();
    return devices.contains(name)
        || devices.contains(real(device))
        || devices.stream()
            .anyMatch(
                used ->
                    used.startsWith(name + "p")
                        && used.substring(name.length() + 1).matches("\\d+"));
  }

  private static String real(Path device) {
    try {
      return device.toRealPath().toString();
    } catch (IOException _) {
      return device.toString();
    }
  }
}
