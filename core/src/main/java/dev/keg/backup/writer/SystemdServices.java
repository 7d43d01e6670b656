package dev.keg.backup.writer;

import dev.keg.program.ProgramOutput;
import dev.keg.program.Programs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The services of systemd whose processes have files of a volume open. {@code /proc/PID/cgroup}
 * shows the service of a process, see cgroups(7); services of a user's own systemd are not stopped:
 *
 * <pre>0::/system.slice/system-postgresql.slice/postgresql@15-main.service</pre>
 */
record SystemdServices(Programs programs) {
  private static final Pattern SERVICE =
      Pattern.compile("^(?:0:|\\d+:name=systemd):(?!/user\\.slice/).*?/([^/]+\\.service)(?:/.*)?$");

  /** Keg's own services, which read volumes and mount them for others. */
  private static final Pattern OWN = Pattern.compile("keg-(?:backup|maintain|plugin@.*)\\.service");

  /**
   * The properties with the units that systemd stops along with this one, but does not start with
   * it.
   */
  private static final List<String> STOPS_WITH =
      List.of("RequiredBy=", "RequisiteOf=", "BoundBy=", "ConsistsOf=", "PropagatesStopTo=");

  private static final List<String> ACTIVE = List.of("active");

  /** The id of systemd's message that a unit has started, see sd-messages.h. */
  private static final String STARTED = "39f53479d3a045ac8e11786248231fbf";

  SequencedSet<String> writers(Set<Path> places) throws IOException, InterruptedException {
    Path proc = places.iterator().next().getFileSystem().getPath("/proc");
    ProcessPaths paths = new ProcessPaths(proc, real(places));
    SequencedSet<String> services = new LinkedHashSet<>();
    for (Path process : entries(proc)) {
      if (process.getFileName().toString().matches("\\d+") && hasOpen(process, paths)) {
        service(process).ifPresent(services::add);
      }
    }
    Optional<String> own = service(proc.resolve("self"));
    own.ifPresent(services::remove);
    services.removeIf(service -> OWN.matcher(service).matches());
    return withDependants(services, own);
  }

  /**
   * Whether the unit exists, does not run and was not started since that time.
   *
   * @param boot when the machine was started
   */
  boolean isStopped(String unit, Instant since, Instant boot)
      throws IOException, InterruptedException {
    if (!words(unit, List.of("LoadState=")).equals(List.of("loaded"))) {
      return false;
    }
    List<String> state = words(unit, List.of("ActiveState="));
    return (state.equals(List.of("inactive")) || state.equals(List.of("failed")))
        && !isStartedAfter(unit, since, boot);
  }

  /**
   * The time is in microseconds since boot. systemd forgets it when it unloads the unit, which may
   * happen as soon as a disabled unit has stopped; then the journal is consulted.
   */
  private boolean isStartedAfter(String unit, Instant since, Instant boot)
      throws IOException, InterruptedException {
    List<String> time = words(unit, List.of("ActiveEnterTimestampMonotonic="));
    try {
      long micros = Long.parseLong(String.join(" ", time));
      return micros > 0
          ? boot.plus(micros, ChronoUnit.MICROS).isAfter(since)
          : isStartedInJournal(unit, since);
    } catch (NumberFormatException e) {
      throw new IOException("the start time of the unit is unknown: " + e.getMessage(), e);
    }
  }

  /**
   * Without a journal, or one that goes back far enough, the unit counts as not started. Any user
   * can log such a message, but only systemd does so as the first process.
   */
  private boolean isStartedInJournal(String unit, Instant since)
      throws IOException, InterruptedException {
    try {
      ProgramOutput answer =
          ProgramOutput.of(
              programs,
              List.of(
                  "journalctl",
                  "--quiet",
                  "--lines=1",
                  "--output=cat",
                  "--since=@" + (since.getEpochSecond() + 1),
                  "_PID=1",
                  "MESSAGE_ID=" + STARTED,
                  "UNIT=" + unit));
      return answer.complaint().isEmpty() && !answer.text().isBlank();
    } catch (IOException _) {
      return false;
    }
  }

  /** When the machine was started; the first word of {@code /proc/uptime} is in seconds. */
  static Instant boot(Path proc, Instant now) throws IOException {
    String uptime = Files.readString(proc.resolve("uptime")).split(" ", 2)[0];
    try {
      return now.minusMillis(Math.round(Double.parseDouble(uptime) * 1000));
    } catch (NumberFormatException e) {
      throw new IOException("/proc/uptime cannot be read: " + e.getMessage(), e);
    }
  }

  /** Paths without links, as the kernel reports open files. */
  private static Set<Path> real(Set<Path> places) {
    Set<Path> real = new LinkedHashSet<>();
    for (Path place : places) {
      try {
        real.add(place.toRealPath());
      } catch (IOException _) {
        real.add(place); // it is gone, or this user may not read it
      }
    }
    return real;
  }

  /**
   * Empty for a directory that cannot be listed: its process has ended, or belongs to another user.
   */
  private static List<Path> entries(Path directory) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (IOException _) {
      return List.of();
    }
    return entries;
  }

  private static boolean hasOpen(Path process, ProcessPaths paths) {
    return Stream.concat(
            Stream.of(process.resolve("cwd"), process.resolve("root")),
            entries(process.resolve("fd")).stream())
        .flatMap(link -> target(link).stream())
        .anyMatch(file -> paths.has(process, file));
  }

  private static Optional<Path> target(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> service(Path process) {
    try (Stream<String> lines = Files.lines(process.resolve("cgroup"))) {
      return lines
          .map(SERVICE::matcher)
          .filter(Matcher::matches)
          .map(service -> service.group(1))
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private SequencedSet<String> withDependants(Set<String> services, Optional<String> own)
      throws IOException, InterruptedException {
    SequencedSet<String> all = new LinkedHashSet<>(services);
    Deque<String> unasked = new ArrayDeque<>(services);
    while (!unasked.isEmpty()) {
      String unit = unasked.remove();
      for (String dependant : words(unit, STOPS_WITH)) {
        if (own.filter(dependant::equals).isPresent()) {
          throw new IOException("%s, which runs this, stops with %s".formatted(dependant, unit));
        }
        if (!all.contains(dependant) && words(dependant, List.of("ActiveState=")).equals(ACTIVE)) {
          all.add(dependant);
          unasked.add(dependant);
        }
      }
    }
    return all;
  }

  /** The words of these properties, each of which {@code systemctl show} prints on its own line. */
  private List<String> words(String unit, List<String> properties)
      throws IOException, InterruptedException {
    String names = String.join(",", properties).replace("=", "");
    ProgramOutput answer =
        ProgramOutput.of(programs, List.of("systemctl", "show", "--property=" + names, "--", unit));
    if (!answer.complaint().isEmpty()) {
      throw new IOException(answer.complaint());
    }
    return answer
        .text()
        .lines()
        .flatMap(line -> Arrays.stream(line.substring(line.indexOf('=') + 1).split(" ")))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
