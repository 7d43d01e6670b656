package dev.keg.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivilegesTest {
  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, true",
    "0000000000200000, true",
    "00000000a80425fb, false",
    "0000000000000000, false"
  })
  void mounting_needs_the_effective_capability(String mask, boolean may) {
    assertThat(
            Privileges.mayMount("Name:\tkeg\nCapPrm:\tffffffffffffffff\nCapEff:\t" + mask + "\n"))
        .isEqualTo(may);
  }

  @Test
  void the_first_user_namespace_maps_everybody_to_themselves() {
    assertThat(Privileges.isInitialNamespace("         0          0 4294967295\n")).isTrue();
    assertThat(Privileges.isInitialNamespace("         0       1000          1\n")).isFalse();
  }

  @Test
  void other_failures_have_nothing_to_do_with_privileges() {
    assertThat(Privileges.remedy(Errno.EBUSY)).isEmpty();
  }
}
