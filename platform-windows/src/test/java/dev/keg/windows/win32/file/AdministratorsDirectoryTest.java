package dev.keg.windows.win32.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdministratorsDirectoryTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "O:BAG:BAD:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)",
        "O:BAG:SYD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)",
        "O:SYD:P(A;;0x1f01ff;;;BA)",
        "O:BAG:BAD:P(D;OICI;FA;;;WD)(A;OICI;FR;;;WD)",
      })
  void what_only_administrators_may_write_to_is_taken(String descriptor) {
    assertThat(AdministratorsDirectory.isProtected(descriptor)).isTrue();
  }

  /** Inherited permissions, permissions for others, and other owners, who can change the list. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "O:BAG:SYD:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)",
        "O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;CIID;DCLCRPCR;;;BU)",
        "O:S-1-5-21-1-2-3-1000G:SYD:P(A;OICI;FA;;;BA)",
        "O:BUG:SYD:P(A;OICI;FA;;;BA)",
        "O:BAG:BAD:P(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;BU)",
        "O:BAG:BAD:P(A;OICI;FA;;;OW)",
        "O:BAG:BAD:P(A;OICIIO;FA;;;CO)",
        "O:BAG:BAD:P(XA;;FA;;;WD;(exists x))",
        "O:BAG:BAD:NO_ACCESS_CONTROL",
        "O:BAG:BA",
        "",
      })
  void what_others_may_write_to_is_not(String descriptor) {
    assertThat(AdministratorsDirectory.isProtected(descriptor)).isFalse();
  }
}
