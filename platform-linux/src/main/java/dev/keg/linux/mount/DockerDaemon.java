package dev.keg.linux.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells a dockerd from every other process of this boot: {@code pid:[4026531836] 812 35214} are the
 * pid namespace that sees it, its number there, and when it started, in clock ticks.
 *
 * <p>What a dockerd asked for is void once it has ended: the next one asks again for each container
 * that it starts. Podman is no such engine: each of its commands is a process of its own, and the
 * next one relies on what an earlier one asked for.
 *
 * @param processes where proc(5) is
 */
public record DockerDaemon(Path processes) {
  private static final String NAME = "dockerd";

  /** In the place of a start that nobody can look up any more. */
  private static final String ENDED = "ended";

  /** Of this machine. */
  public DockerDaemon() {
    this(Path.of("/proc"));
  }

  /**
   * The words for the process; empty if it is no dockerd, or not one that is seen here. One that
   * has ended already may have been one, and nobody waits for what it asked for.
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

  /** Whether the process with these words has ended; false if that cannot be told from here. */
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
      // With the option hidepid of proc(5), others' processes seem to be missing, the first one,
      // too.
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
   * The beginning of proc_pid_stat(5), with the state as its third word and the start as its 22nd:
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

    /** Its parent need not have taken notice yet. */
    boolean isDead() {
      return state.equals("Z") || state.equals("X");
    }
  }
}
