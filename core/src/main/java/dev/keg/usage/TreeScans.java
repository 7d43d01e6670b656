package dev.keg.usage;

import java.nio.file.Path;
import java.util.Optional;

/** Opens trees for measuring. An instance serves a single measurement at one moment. */
public interface TreeScans {
  /** Empty if there is no such directory. */
  Optional<TreeScan> open(Path directory);

  /**
   * The server of a directory, with the same text for all of its directories; empty for a disk of
   * this host. Determined without contacting the server.
   */
  default Optional<String> server(Path directory) {
    return Optional.empty();
  }
}
