package dev.keg.cli.output.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The widths are those of these texts in a table of docker 28.2.2. */
public class TextWidthTest {
  static Stream<Arguments> texts() {
    return Stream.of(
        arguments("", 0),
        arguments("plain", 5),
        arguments("tab\u0007\u001b", 3),
        arguments("\u007f\u0085\u00ad", 0),
        arguments("café", 4),
        arguments("e\u0301", 1),
        arguments("Привет", 6),
        arguments("ไทย", 3),
        arguments("日本", 4),
        arguments("한글", 4),
        arguments("ｶﾅ", 2),
        arguments("ＡＢ", 4),
        arguments("\u3248\u3250", 3),
        arguments("a\u200bb", 2),
        arguments("\ufeffa", 1),
        arguments("👍", 2),
        arguments("👍🏽", 2),
        arguments("👨‍👩‍👧", 2),
        arguments("🇩🇪", 1),
        arguments("❤️", 1),
        arguments("☁️x", 2),
        arguments("\ud83c\udde9", 1),
        arguments("𠀀", 2),
        arguments("\udcff", 1));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_text_takes_as_many_columns_as_docker_counts(String text, int columns) {
    assertThat(TextWidth.of(text, 0, text.length())).isEqualTo(columns);
  }

  @Test
  void only_the_given_part_is_measured() {
    assertThat(TextWidth.of("日abc本", 1, 4)).isEqualTo(3);
    assertThat(TextWidth.of("abc日", 0, 3)).isEqualTo(3);
  }
}
