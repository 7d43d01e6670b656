package dev.keg.backup.writer;

import dev.keg.backup.store.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SequencedSet;
import java.util.Set;

/** What starts and stops the programs that write to volumes. */
public enum Supervisor {
  DOCKER("docker"),
  PODMAN("podman"),
  SYSTEMD("systemctl");

  private final String program;

  Supervisor(String program) {
    this.program = program;
  }

  /** Its program: {@code PROGRAM stop NAME…} and {@code PROGRAM start NAME…}. */
  String program() {
    return program;
  }

  /** The word for it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The names of what runs and may write at these places, and of what stops with it.
   *
   * @param places the volume's data, and where else it is mounted
   */
  SequencedSet<String> writers(Programs programs, Set<Path> places)
      throws IOException, InterruptedException {
    return switch (this) {
      case DOCKER, PODMAN -> new Containers(programs, program).writers(places);
      case SYSTEMD -> new Units(programs).writers(places);
    };
  }
}
