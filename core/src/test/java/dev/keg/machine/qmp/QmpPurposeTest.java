package dev.keg.machine.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.machine.qmp.QmpException.Failure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QmpPurposeTest {
  @ParameterizedTest
  @CsvSource({
    "ATTACH, REFUSED, the machine is unchanged",
    "ATTACH, SILENT, --qmp needs the socket of a QEMU",
    "DETACH, REFUSED, the machine is unchanged",
    "DETACH, SILENT, 'if the machine is gone, detach without --qmp'",
    "BACKUP, REFUSED,",
    "BACKUP, SILENT, --qmp needs the socket of a QEMU"
  })
  void a_hint_fits_the_purpose_and_the_answer(
      QmpPurpose purpose, Failure failure, @Nullable String hint) {
    String given = purpose.hint(new QmpException(failure, "why"));

    if (hint == null) {
      assertThat(given).isNull();
    } else {
      assertThat(given).startsWith(hint);
    }
  }
}
