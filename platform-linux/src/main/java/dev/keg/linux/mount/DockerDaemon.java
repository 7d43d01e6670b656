package dev.keg.linux.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Identifies a dockerd among all processes of this boot: {@code pid:[4026531836] 812 35214} are its
 * pid namespace, its id there, and its start time in clock ticks.
 *
 * <p>When a dockerd ends, its requests are void: the next one repeats them for each container that
 * it starts. Podman has no such daemon: each command is a process of its own and relies on the
 * requests of earlier ones.
 *
 * @param processes where proc(5) is mounted
 */
public record DockerDaemon(Path processes) {
  private static final String NAME = "dockerd";

  /** Replaces the start time of a process that can no longer be looked up. */
  private static final String ENDED = "ended";

  /** Uses the proc(5) of this machine. */
  public DockerDaemon() {
    this(Path.of("/proc"));
  }

  /**
   * The text that identifies the process; empty if it is not a dockerd, or not visible from here. A
   * process that has already ended may have been one, but nobody waits for its requests.
   */
  public Optional<String> identify(long process) {
    try {
      Stat stat = stat(process);
      return stat.name().equals(NAME) || stat.isDead()
          ? Optional.of(words(process, stat.start()))
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return ended(process);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private Optional<String> ended(long process) {
    try {
      return Optional.of(words(process, ENDED)).filter(this::hasEnded);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private String words(long process, String start) throws IOException {
    return "%s %d %s".formatted(namespace(), process, start);
  }

  /** Whether the process with this text has ended; false if that cannot be determined from here. */
  boolean hasEnded(String words) {
    String[] parts = words.split(" ", -1);
    try {
      return parts.length == 3
          && parts[0].equals(namespace())
          && hasEnded(Long.parseLong(parts[1]), parts[2]);
    } catch (IOException | NumberFormatException _) {
      return false;
    }
  }

  private boolean hasEnded(long process, String start) throws IOException {
    try {
      Stat stat = stat(process);
      return stat.isDead() || !stat.start().equals(start);
    } catch (NoSuchFileException _) {
      // With the option hidepid of proc(5), the processes of others seem missing, including the
      // first one.
      return Files.exists(processes.resolve("1"));
    }
  }

  private String namespace() throws IOException {
    return Files.readSymbolicLink(processes.resolve("self/ns/pid")).toString();
  }

  private Stat stat(long process) throws IOException {
    return Stat.parse(Files.readString(processes.resolve(process + "/stat")));
  }

  /**
   * The beginning of proc_pid_stat(5); the third field is the state, the 22nd the start time:
   *
   * <pre>812 (dockerd) S 1 812 812 0 -1 4194560 9141 … 0 20 0 11 0 35214 …</pre>
   */
  private record Stat(String name, String state, String start) {
    static Stat parse(String text) throws IOException {
      int end = text.lastIndexOf(')');
      String[] words = text.substring(end + 1).strip().split(" ", -1);
      if (end < 0 || words.length < 20) {
        throw new IOException("not a line of proc_pid_stat(5): " + text);
      }
      return new Stat(text.substring(text.indexOf('(') + 1, end), words[0], words[19]);
    }

    /** Whether it has ended, even if its parent has not yet waited for it. */
    boolean isDead() {
      return state.equals("Z") || state.equals("X");
    }
  }
}
