package dev.keg.backup.browse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.InvalidInput.InvalidBackupPath;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupPathTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T12:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "db, Latest, .",
    "db:, Latest, .",
    "db:/, Latest, .",
    "db:/etc/passwd, Latest, etc/passwd",
    "db:a@b, Latest, a@b",
    "db@latest, Latest, .",
    "db@latest:x:y/, Latest, x:y",
    "db@yesterday:etc, At, etc",
    "db@2026-11-28 06:30, At, .",
    "db@2026-11-28 06:30:etc/passwd, At, etc/passwd",
    "db@2026-11-28T06:30:15Z:a, At, a",
    "db@20261128T063000Z-0000abcd:./a//b, Named, a/b",
    "db@00ab:x, Abbreviated, x",
  })
  void a_place_has_a_volume_a_backup_and_a_path(String text, String choice, String path) {
    BackupPath place = BackupPath.parse(text, CLOCK);
    assertThat(place.volume().text()).isEqualTo("db");
    assertThat(place.backup().getClass().getSimpleName()).isEqualTo(choice);
    assertThat(place.path()).hasToString(path);
  }

  @ParameterizedTest
  @CsvSource({
    "'', it names no volume",
    "'@latest', it names no volume",
    "-x:a, it names no volume",
    "db@, the part after @ is not a backup",
    "db@nope:x, the part after @ is not a backup",
    "db:../x, a name with '..' in it",
  })
  void an_invalid_place_is_refused_with_a_reason(String text, String why) {
    assertThatThrownBy(() -> BackupPath.parse(text, CLOCK))
        .isInstanceOf(InvalidBackupPath.class)
        .hasMessage("'" + text + "': " + why.replace("''", "'"));
  }
}
