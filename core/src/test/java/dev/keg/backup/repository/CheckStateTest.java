package dev.keg.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.store.ObjectName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckStateTest {
  private final Scene scene = new Scene();

  @ParameterizedTest(name = "{0}: verified {1}, damaged {2}")
  @CsvSource({
    "'', false, false",
    "quick-good, false, false",
    "full-good, true, false",
    "deep-good, true, false",
    "quick-bad, false, true",
    "full-good quick-good, true, false",
    "full-good quick-bad, false, true",
    "full-bad quick-good, false, true",
    "full-bad full-good, true, false",
    "full-bad deep-good, true, false",
    "deep-bad full-good, false, true",
    "quick-bad full-good, true, false",
    "full-good full-bad, false, true",
  })
  void the_marks_of_a_backup_say_whether_it_is_verified(
      String checks, boolean verified, boolean damaged) throws IOException {
    BackupRecord backup = scene.backUp("db");
    Arrays.stream(checks.split(" ", -1))
        .filter(check -> !check.isEmpty())
        .forEach(check -> mark(backup, check));
    CheckState state = scene.repository.list().find(backup.id()).orElseThrow().checks();

    assertThat(state.verified()).isEqualTo(verified);
    assertThat(state.damaged()).isEqualTo(damaged);
  }

  private void mark(BackupRecord backup, String check) {
    scene.clock.advance(Duration.ofMinutes(1));
    Level level = Level.valueOf(check.substring(0, check.indexOf('-')).toUpperCase(Locale.ROOT));
    List<String> findings = check.endsWith("bad") ? List.of("./a: bytes changed") : List.of();
    scene.repository.mark(backup, new Check(level, scene.clock.instant(), findings));
  }

  @Test
  void a_quick_check_does_not_replace_a_thorough_one() throws IOException {
    BackupRecord backup = scene.backUp("db");
    mark(backup, "deep-good");
    mark(backup, "quick-good");

    assertThat(scene.repository.list().find(backup.id()).orElseThrow().checks().best())
        .map(CheckState.Mark::level)
        .contains(Level.DEEP);
  }

  @Test
  void a_check_is_read_with_its_findings() throws IOException {
    BackupRecord backup = scene.backUp("db");
    Check check =
        new Check(Level.FULL, scene.clock.instant(), List.of("./a: gone", "./b: \"odd\""));
    scene.repository.mark(backup, check);

    assertThat(scene.repository.checks(backup)).containsExactly(check);
  }

  @Test
  void a_later_check_takes_the_place_of_those_it_covers() throws IOException {
    BackupRecord backup = scene.backUp("db");
    mark(backup, "deep-good");
    mark(backup, "quick-good");
    mark(backup, "full-good");

    assertThat(scene.repository.checks(backup))
        .extracting(Check::level)
        .containsExactly(Level.DEEP, Level.FULL);
  }

  @Test
  void a_check_that_is_recorded_twice_is_recorded() throws IOException {
    BackupRecord backup = scene.backUp("db");
    Check check = new Check(Level.FULL, scene.clock.instant(), List.of());
    scene.repository.mark(backup, check);
    scene.repository.mark(backup, check);

    assertThat(scene.repository.list().find(backup.id()).orElseThrow().checks().verified())
        .isTrue();
  }

  @Test
  void a_verified_backup_is_verified_for_a_retention_policy() throws IOException {
    BackupRecord backup = scene.backUp("db");
    mark(backup, "full-good");

    assertThat(scene.repository.list(new VolumeName("db")).backups())
        .extracting(listed -> listed.restorePoint().verified())
        .containsExactly(true);
  }

  @Test
  void a_level_of_a_later_version_is_passed_over() throws Exception {
    BackupRecord backup = scene.backUp("db");
    mark(backup, "drill-good");
    SmallObjects.write(
        scene.store,
        new ObjectName("checks/db/" + backup.id() + "/20400101T000000Z-rehearsal-bad.json"),
        new byte[] {'{'});

    assertThat(scene.repository.checks(backup))
        .extracting(Check::level)
        .containsExactly(Level.DRILL);
    assertThat(scene.repository.list().find(backup.id()).orElseThrow().checks().damaged())
        .isFalse();
  }
}
