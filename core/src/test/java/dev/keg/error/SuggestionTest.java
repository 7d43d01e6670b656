package dev.keg.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
  @ParameterizedTest
  @CsvSource({
    "lable, label",
    "labl, label",
    "llabel, label",
    "lbael, label",
    "ts, ls",
    "rx, rm",
    "ab, ''",
    "snapshot, ''",
    "'', ''",
  })
  void the_nearest_word_is_suggested_if_it_is_near(String word, String expected) {
    assertThat(Suggestion.of(word, Stream.of("label", "ls", "rm", "create")).orElse(""))
        .isEqualTo(expected);
  }
}
