package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.Backup;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.volume.VolumeName;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupChoiceTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T12:00:00Z"), ZoneId.of("Europe/Berlin"));

  @ParameterizedTest
  @CsvSource({
    "2026-11-27, 2026-11-27T22:59:59.999999999Z",
    "20261127, 2026-11-27T22:59:59.999999999Z",
    "today, 2026-11-28T22:59:59.999999999Z",
    "yesterday, 2026-11-27T22:59:59.999999999Z",
    "2026-11-28 06:30, 2026-11-28T05:30:00Z",
    "2026-11-28 06:30:15, 2026-11-28T05:30:15Z",
    "20261128_063000, 2026-11-28T05:30:00Z",
    "2026-11-28T06:30:00Z, 2026-11-28T06:30:00Z",
    "24h, 2026-11-27T12:00:00Z",
  })
  void a_time_is_written_as_people_write_it(String text, Instant time) {
    assertThat(BackupChoice.parse(text, CLOCK)).contains(new BackupChoice.At(time, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-02-30", "2026-11-28 25:00", "tomorrow", "", "abc", "2026113", "xyz1"})
  void anything_else_is_not_understood(String text) {
    boolean seconds = text.matches("\\d+");
    assertThat(BackupChoice.parse(text, CLOCK).isPresent()).isEqualTo(seconds);
  }

  @Test
  void the_beginning_of_an_id_or_of_its_random_part_is_enough() {
    BackedHost host = new BackedHost();
    VolumeName db = host.create("db");
    host.write(db, "a", "1");
    host.save(db);
    host.save(db);
    List<Backup> backups = host.repository.list(db).backups();
    String id = backups.getFirst().id().text();

    for (String part : List.of(id, id.substring(0, 13), id.substring(0, 20), id.substring(17))) {
      assertThat(BackupChoice.parse(part, CLOCK).orElseThrow().in(backups))
          .as(part)
          .contains(backups.getFirst());
    }
    assertThatThrownBy(() -> new BackupChoice.Abbreviated("20400").in(backups))
        .isInstanceOf(RestoreFailed.class)
        .hasMessageContaining("several backups have an ID that begins with 20400: " + id);
  }
}
