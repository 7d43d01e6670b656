package dev.keg.backup.writer;

import dev.keg.program.ProgramOutput;
import dev.keg.program.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;

/** Starts and stops the programs that write to volumes. */
public enum Supervisor {
  DOCKER("docker"),
  PODMAN("podman"),
  SYSTEMD("systemctl");

  /** A service may take long to start or end, without any output meanwhile. */
  public static final Duration PATIENCE = Duration.ofMinutes(10);

  private final String program;

  Supervisor(String program) {
    this.program = program;
  }

  /** Its command: {@code PROGRAM stop NAME…} and {@code PROGRAM start NAME…}. */
  String program() {
    return program;
  }

  /** Starts them. */
  ProgramOutput start(Programs programs, List<String> names, Duration patience)
      throws IOException, InterruptedException {
    List<String> line = Stream.concat(Stream.of(program, "start", "--"), names.stream()).toList();
    return ProgramOutput.of(programs, line, patience);
  }

  /** Its name in messages. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The names of the running programs that may write to these places, and of those that stop along
   * with them.
   *
   * @param places the directory of the volume's data, and where else it is mounted
   */
  SequencedSet<String> writers(Programs programs, Set<Path> places)
      throws IOException, InterruptedException {
    return switch (this) {
      case DOCKER, PODMAN -> new Containers(programs, program).writers(places);
      case SYSTEMD -> new SystemdServices(programs).writers(places);
    };
  }

  /** Those in the note that do not run now, and were not started since. */
  List<String> stopped(Programs programs, StopNote note, Instant now)
      throws IOException, InterruptedException {
    List<String> stopped = new ArrayList<>();
    for (String name : note.names()) {
      boolean is =
          switch (this) {
            case DOCKER, PODMAN -> new Containers(programs, program).isStopped(name, note.time());
            case SYSTEMD -> {
              Path proc = note.file().getFileSystem().getPath("/proc");
              yield new SystemdServices(programs)
                  .isStopped(name, note.time(), SystemdServices.boot(proc, now));
            }
          };
      if (is) {
        stopped.add(name);
      }
    }
    return stopped;
  }
}
