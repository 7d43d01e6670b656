package dev.keg.linux.mount;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The mount tables of the other mount namespaces of this machine, as far as this user may read
 * them; see mount_namespaces(7). Each pair of namespace and root directory is read once, from one
 * of the processes that use it.
 */
record OtherNamespaces(Map<Long, ProcMounts> tables) {
  private static final Path PROCESSES = Path.of("/proc");

  OtherNamespaces {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
  }

  static OtherNamespaces read() throws IOException {
    Map<Long, ProcMounts> tables = new LinkedHashMap<>();
    Path own = namespace(PROCESSES.resolve("self"));
    Set<View> known = new HashSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path process : all) {
        read(process, own, known, tables);
      }
    }
    return new OtherNamespaces(tables);
  }

  /** A process with another root directory sees fewer mounts of a namespace, at other paths. */
  private record View(Path namespace, Path root) {}

  private static Path namespace(Path process) throws IOException {
    return Files.readSymbolicLink(process.resolve("ns/mnt"));
  }

  // A process may end meanwhile, or belong to somebody else.
  private static void read(Path process, Path own, Set<View> known, Map<Long, ProcMounts> tables) {
    try {
      Path namespace = namespace(process);
      if (namespace.equals(own)) {
        return;
      }
      View view = new View(namespace, Files.readSymbolicLink(process.resolve("root")));
      if (!known.contains(view)) {
        long id = Long.parseLong(process.getFileName().toString());
        tables.put(id, ProcMounts.read(process.resolve("mountinfo")));
        known.add(view);
      }
    } catch (IOException _) {
      return;
    }
  }

  Optional<Long> processWith(Path target) {
    return tables.entrySet().stream()
        .filter(entry -> !entry.getValue().at(target).isEmpty())
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
