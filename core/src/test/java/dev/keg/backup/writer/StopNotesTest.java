package dev.keg.backup.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.FakePrograms.Result;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.VolumeException;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs that a backup had stopped when the machine went down. */
class StopNotesTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private String probed = "free\n";
  private String inspected = "";
  private Result shown = new Result(0, "", "");
  private Result started = new Result(0, "", "");
  private Result journal = new Result(127, "", "");
  private final FakePrograms programs =
      new FakePrograms(
          command ->
              switch (command.getFirst() + " " + command.get(1)) {
                case "sh -c" -> new Result(0, probed, "");
                case "docker container" -> new Result(0, inspected, "");
                case "systemctl show" -> answer(command);
                case "journalctl --quiet" -> journal;
                default -> started;
              });
  private final StopNotes notes = host.context.stopNotes(programs);

  /** The output line of {@code systemctl show} for the requested property. */
  private Result answer(List<String> command) {
    String property = command.get(2).substring("--property=".length()) + "=";
    return new Result(
        0,
        shown.output().lines().filter(line -> line.startsWith(property)).findFirst().orElse(""),
        "");
  }

  private StopNote note(Supervisor supervisor, String... names) {
    try (var _ = notes.lock(db)) {
      return notes.write(db, supervisor, List.of(names));
    }
  }

  private static String container(boolean running, Instant started) {
    return "[{\"Id\":\"1f\",\"State\":{\"Running\":%s,\"StartedAt\":\"%s\"}}]"
        .formatted(running, started);
  }

  private List<String> starts() {
    return programs.started().stream()
        .filter(command -> command.get(1).equals("start"))
        .map(command -> String.join(" ", command))
        .toList();
  }

  private int written() throws IOException {
    try (Stream<Path> files = Files.list(host.registry.layout().stopped())) {
      return (int) files.count();
    }
  }

  @ParameterizedTest
  @CsvSource({"false, -1, 1", "true, -1, 0", "false, 1, 0"})
  void a_container_is_started_unless_it_runs_or_somebody_stopped_it_later(
      boolean running, int hours, int starts) throws IOException {
    StopNote note = note(Supervisor.DOCKER, "1f");
    inspected = container(running, note.time().plus(Duration.ofHours(hours)));

    assertThat(notes.startLeft()).isEmpty();

    assertThat(starts()).hasSize(starts).allMatch("docker start -- 1f"::equals);
    assertThat(written()).isZero();
  }

  @Test
  void a_container_that_was_removed_is_forgotten() throws IOException {
    note(Supervisor.DOCKER, "1f");
    FakePrograms docker =
        new FakePrograms(
            command ->
                command.getFirst().equals("sh")
                    ? new Result(0, "free\n", "")
                    : new Result(1, "[]", "Error: No such container: 1f"));

    assertThat(host.context.stopNotes(docker).startLeft()).isEmpty();
    assertThat(docker.started()).hasSize(2);
    assertThat(written()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "loaded, inactive, 0, 1",
    "loaded, failed, 0, 1",
    "loaded, active, 0, 0",
    "not-found, inactive, 0, 0",
    "loaded, inactive, 3600000000, 0"
  })
  void a_unit_is_started_unless_it_runs_or_somebody_stopped_it_later(
      String load, String active, String started, int starts) throws IOException {
    Files.createDirectories(host.files.getPath("/proc"));
    Files.writeString(host.files.getPath("/proc/uptime"), "60.25 100.00\n");
    note(Supervisor.SYSTEMD, "pg.service");
    shown =
        new Result(
            0,
            "LoadState=%s\nActiveState=%s\nActiveEnterTimestampMonotonic=%s\n"
                .formatted(load, active, started),
            "");

    assertThat(notes.startLeft()).isEmpty();

    assertThat(starts()).hasSize(starts).allMatch("systemctl start -- pg.service"::equals);
    assertThat(written()).isZero();
  }

  /** A unit that is not enabled is unloaded when it stops, together with the time of its start. */
  @ParameterizedTest
  @CsvSource({"0, Started pg.service, 0", "0, , 1", "1, No journal files were found., 1"})
  void the_journal_knows_when_a_unit_was_started_that_systemd_has_forgotten(
      int exit, String printed, int starts) throws IOException {
    Files.createDirectories(host.files.getPath("/proc"));
    Files.writeString(host.files.getPath("/proc/uptime"), "60.25 100.00\n");
    StopNote note = note(Supervisor.SYSTEMD, "pg.service");
    shown =
        new Result(
            0, "LoadState=loaded\nActiveState=inactive\nActiveEnterTimestampMonotonic=0\n", "");
    journal = new Result(exit, exit == 0 && printed != null ? printed : "", "" + printed);

    assertThat(notes.startLeft()).isEmpty();

    assertThat(starts()).hasSize(starts);
    assertThat(programs.started())
        .anyMatch(
            command ->
                command.getFirst().equals("journalctl")
                    && command.contains("--since=@" + (note.time().getEpochSecond() + 1))
                    && command.contains("UNIT=pg.service"));
  }

  @Test
  void what_a_running_backup_has_stopped_stays_so() throws IOException {
    StopNote note = note(Supervisor.DOCKER, "1f");
    inspected = container(false, note.time());
    probed = "";

    assertThat(notes.startLeft()).isEmpty();
    assertThat(starts()).isEmpty();
    assertThat(written()).isOne();
  }

  @Test
  void what_does_not_start_is_reported_each_time() throws IOException {
    StopNote note = note(Supervisor.DOCKER, "1f");
    inspected = container(false, note.time());
    started = new Result(1, "", "port is taken");

    for (int time = 0; time < 2; time++) {
      assertThat(notes.startLeft())
          .singleElement()
          .isInstanceOf(BackupFailed.class)
          .extracting(VolumeException::getMessage)
          .asString()
          .endsWith("did not start again: docker start 1f: port is taken");
    }
    assertThat(written()).isOne();
  }

  @Test
  void a_note_of_another_host_is_its_own_business() throws IOException {
    StopNote note = note(Supervisor.DOCKER, "1f");
    StopNote theirs =
        new StopNote(note.file(), "another", db, Supervisor.DOCKER, List.of("1f"), note.time());
    Files.write(note.file(), theirs.bytes());

    assertThat(notes.startLeft()).isEmpty();
    assertThat(starts()).isEmpty();
    assertThat(StopNote.read(note.file())).contains(theirs);
  }

  @Test
  void a_damaged_note_is_named_and_keeps_nobody_from_the_others() throws IOException {
    inspected = container(false, note(Supervisor.DOCKER, "1f").time());
    Path file = note(Supervisor.DOCKER, "2f").file();
    Files.writeString(file, "{");

    assertThat(notes.startLeft())
        .singleElement()
        .extracting(VolumeException::getMessage)
        .asString()
        .contains(file.toString());
    assertThat(starts()).containsExactly("docker start -- 1f");
    assertThat(written()).isOne();
  }
}
