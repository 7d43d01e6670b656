package dev.keg.backup.writer;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.program.ProgramOutput;
import dev.keg.program.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The running containers of an engine, as {@code docker container inspect} describes them:
 *
 * <pre>[{"Id":"3f5…","Name":"/db","HostConfig":{"AutoRemove":false},
 *   "Mounts":[{"Type":"bind","Source":"/srv/db","Destination":"/data","RW":true}]}]</pre>
 */
record Containers(Programs programs, String engine) {
  /** Containers start and end while they are listed. */
  private static final int ATTEMPTS = 5;

  private static final String SWARM = "com.docker.swarm.task.id";

  SequencedSet<String> writers(Set<Path> places) throws IOException, InterruptedException {
    SequencedSet<String> writers = new LinkedHashSet<>();
    for (Map<?, ?> container : running()) {
      if (mounts(container).anyMatch(source -> isIn(source, places))) {
        requireKept(container);
        requireOther(container, places.iterator().next());
        writers.add(text(container, "Id"));
      }
    }
    return writers;
  }

  /**
   * Whether it exists, does not run and was not started since that time:
   *
   * <pre>[{"Id":"3f5…","State":{"Running":false,"StartedAt":"2026-11-28T09:00:00.1Z"}}]</pre>
   */
  boolean isStopped(String id, Instant since) throws IOException, InterruptedException {
    ProgramOutput answer =
        ProgramOutput.of(programs, List.of(engine, "container", "inspect", "--", id));
    if (answer.complaint().toLowerCase(Locale.ROOT).contains("no such container")) {
      return false;
    }
    if (!answer.complaint().isEmpty()) {
      throw new IOException(answer.complaint());
    }
    for (Map<?, ?> container : parse(answer.text())) {
      if (container.get("State") instanceof Map<?, ?> state
          && state.get("Running") == Boolean.FALSE
          && !started(state).isAfter(since)) {
        return true;
      }
    }
    return false;
  }

  private static Instant started(Map<?, ?> state) throws InvalidDocument {
    try {
      return OffsetDateTime.parse(text(state, "StartedAt")).toInstant();
    } catch (DateTimeException e) {
      throw new InvalidDocument("the start time of the container is unknown: " + e.getMessage());
    }
  }

  private List<Map<?, ?>> running() throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      List<String> ids = succeed(List.of(engine, "ps", "-q", "--no-trunc")).lines().toList();
      if (ids.isEmpty()) {
        return List.of();
      }
      List<String> line = new ArrayList<>(List.of(engine, "container", "inspect", "--"));
      line.addAll(ids);
      ProgramOutput answer = ProgramOutput.of(programs, line);
      if (answer.complaint().isEmpty()) {
        return parse(answer.text());
      }
      if (attempt == ATTEMPTS) {
        throw new IOException(answer.complaint());
      }
    }
  }

  private String succeed(List<String> command) throws IOException, InterruptedException {
    ProgramOutput answer = ProgramOutput.of(programs, command);
    if (!answer.complaint().isEmpty()) {
      throw new IOException(answer.complaint());
    }
    return answer.text();
  }

  private static List<Map<?, ?>> parse(String text) throws InvalidDocument {
    List<Map<?, ?>> containers = new ArrayList<>();
    for (Object element : JsonObject.parseList(text.getBytes(StandardCharsets.UTF_8))) {
      if (!(element instanceof Map<?, ?> container)) {
        throw new InvalidDocument("it is not a list of containers");
      }
      containers.add(container);
    }
    return containers;
  }

  /** The host's paths that the container can write to. */
  private static Stream<String> mounts(Map<?, ?> container) {
    return container.get("Mounts") instanceof List<?> mounts
        ? mounts.stream()
            .filter(mount -> mount instanceof Map<?, ?> fields && fields.get("RW") == Boolean.TRUE)
            .map(mount -> text((Map<?, ?>) mount, "Source"))
        : Stream.of();
  }

  private static boolean isIn(String source, Set<Path> places) {
    return !source.isEmpty() && places.stream().anyMatch(place -> overlap(place, source));
  }

  private static boolean overlap(Path place, String text) {
    Path source = place.getFileSystem().getPath(text);
    try {
      Path real = source.toRealPath();
      Path data = place.toRealPath();
      return real.startsWith(data) || data.startsWith(real) || Files.isSameFile(real, data);
    } catch (IOException _) {
      return source.startsWith(place); // one of them is gone, or this user may not read it
    }
  }

  private static void requireKept(Map<?, ?> container) throws IOException {
    if (container.get("HostConfig") instanceof Map<?, ?> host
        && host.get("AutoRemove") == Boolean.TRUE) {
      throw new IOException(
          "container %s is removed when it stops (--rm)".formatted(name(container)));
    }
    if (container.get("Config") instanceof Map<?, ?> config
        && config.get("Labels") instanceof Map<?, ?> labels
        && labels.containsKey(SWARM)) {
      throw new IOException(
          "swarm starts another container in place of %s".formatted(name(container)));
    }
  }

  /**
   * Refuses the container in which this process runs: nobody would start it again. A container's
   * host name comes from a file of the engine, which a line of {@code /proc/self/mountinfo} shows:
   *
   * <pre>652 641 8:1 /var/lib/docker/containers/3f5…/hostname /etc/hostname rw,relatime - ext4 …
   * </pre>
   */
  private static void requireOther(Map<?, ?> container, Path place) throws IOException {
    String id = text(container, "Id");
    Path mounts = place.getFileSystem().getPath("/proc/self/mountinfo");
    if (!id.isEmpty() && Files.isReadable(mounts)) {
      for (String line : Files.readAllLines(mounts, StandardCharsets.ISO_8859_1)) {
        String[] words = line.split(" ", 6);
        if (words.length > 5
            && words[4].equals("/etc/hostname")
            && words[3].contains("/" + id + "/")) {
          throw new IOException("this runs in container %s itself".formatted(name(container)));
        }
      }
    }
  }

  private static String name(Map<?, ?> container) {
    return text(container, "Name").replaceFirst("^/", "");
  }

  private static String text(Map<?, ?> fields, String key) {
    return fields.get(key) instanceof String text ? text : "";
  }
}
