package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumesFromTest {
  private final MountSpecs linux = new MountSpecs(PathStyle.LINUX, FakeHost.linux());
  private final MountSpecs windows = new MountSpecs(PathStyle.WINDOWS, FakeHost.windows());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id       | id | rw   | false
          id:      | id | rw   | false
          id:rw    | id | rw   | false
          id:ro    | id | ro   | true
          id:ro,z  | id | ro,z | true
          """)
  void the_mode_is_writable_unless_it_says_ro(
      String text, String id, String mode, boolean readOnly) {
    VolumesFrom from = linux.volumesFrom(text);

    assertThat(from).isEqualTo(new VolumesFrom(id, mode));
    assertThat(from.readOnly()).isEqualTo(readOnly);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``          | volumes-from specification cannot be an empty string
          id:bogus    | invalid mode: bogus
          id:rslave   | invalid mode: rslave
          id:nocopy   | invalid mode: nocopy
          id:ro,slave | invalid mode: ro,slave
          id:ro:x     | invalid mode: ro:x
          """)
  void modes_that_cannot_be_inherited_are_refused(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> linux.volumesFrom(text))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"id:ro,true", "id:RW,false", "id,false"})
  void windows_knows_ro_and_rw_alone(String text, boolean readOnly) {
    assertThat(windows.volumesFrom(text).readOnly()).isEqualTo(readOnly);
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> windows.volumesFrom("id:z"))
        .withMessage("invalid mode: z");
  }
}
