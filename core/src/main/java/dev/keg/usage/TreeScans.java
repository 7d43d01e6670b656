package dev.keg.usage;

import java.nio.file.Path;
import java.util.Optional;

/** Opens trees to be measured. One instance serves one measurement, at one moment. */
public interface TreeScans {
  /** Empty if there is no such directory. */
  Optional<TreeScan> open(Path directory);

  /**
   * The server that has a directory, the same for all that it has; empty for a disk of this host.
   * Found without asking the server.
   */
  default Optional<String> server(Path directory) {
    return Optional.empty();
  }
}
