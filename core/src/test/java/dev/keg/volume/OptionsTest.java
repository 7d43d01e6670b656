package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          user=a,password=pw,vers=3 | user=a,password=********,vers=3
          pass=pw                   | pass=********
          password=pw,password=xy   | password=********,password=********
          a,password2=xy            | a,password2=********
          bypass=x,passage=y        | bypass=x,passage=y
          password=                 | password=********
          """)
  void passwords_are_masked(String text, String masked) {
    assertThat(Options.masked(text)).isEqualTo(masked);
    assertThat(Options.hasPassword(text)).isEqualTo(!text.equals(masked));
  }
}
