package dev.keg.linux.mount;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is mounted in the other mount namespaces of this machine, mount_namespaces(7), as far as
 * this user may look into them: of each, as one of its processes sees it.
 */
record OtherNamespaces(Map<String, Long> processes) {
  private static final Path PROCESSES = Path.of("/proc");

  OtherNamespaces {
    processes = Map.copyOf(processes);
  }

  static OtherNamespaces read() throws IOException {
    Map<String, Long> processes = new HashMap<>();
    Set<Path> known = new HashSet<>();
    known.add(namespace(PROCESSES.resolve("self")));
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path process : all) {
        read(process, known, processes);
      }
    }
    return new OtherNamespaces(processes);
  }

  private static Path namespace(Path process) throws IOException {
    return Files.readSymbolicLink(process.resolve("ns/mnt"));
  }

  // A process may end meanwhile, or be somebody else's.
  private static void read(Path process, Set<Path> known, Map<String, Long> processes) {
    try {
      Path namespace = namespace(process);
      if (known.contains(namespace)) {
        return;
      }
      long id = Long.parseLong(process.getFileName().toString());
      for (Mount mount : ProcMounts.read(process.resolve("mountinfo")).mounts()) {
        processes.putIfAbsent(mount.target(), id);
      }
      known.add(namespace);
    } catch (IOException _) {
      return;
    }
  }

  Optional<Long> processWith(Path target) {
    return Optional.ofNullable(processes.get(target.toString()));
  }
}
