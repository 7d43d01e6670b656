package dev.keg.mountspec.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.compose.Yaml.Fields;
import dev.keg.mountspec.compose.Yaml.Items;
import dev.keg.mountspec.compose.Yaml.Text;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class YamlReaderTest {
  private static Yaml plain(String text) {
    return new Text(text, true);
  }

  static Stream<Arguments> valid() {
    return Stream.of(
        Arguments.of("a", plain("a")),
        Arguments.of("'a'", new Text("a", false)),
        Arguments.of("!!str 1", new Text("1", false)),
        Arguments.of("[a, b]", new Items(List.of(plain("a"), plain("b")))),
        Arguments.of("- a\n- [b]", new Items(List.of(plain("a"), new Items(List.of(plain("b")))))),
        Arguments.of("{a: 1, 2: b}", new Fields(Map.of("a", plain("1"), "2", plain("b")))),
        Arguments.of("--- {a: }\n...\n", new Fields(Map.of("a", plain("")))),
        Arguments.of(
            "a: &x [1]\nb: *x",
            new Fields(
                Map.of("a", new Items(List.of(plain("1"))), "b", new Items(List.of(plain("1")))))),
        Arguments.of(
            "a: &x {k: 1, l: 2}\nb: {l: 3, <<: *x}",
            new Fields(
                Map.of(
                    "a", new Fields(Map.of("k", plain("1"), "l", plain("2"))),
                    "b", new Fields(Map.of("k", plain("1"), "l", plain("3")))))),
        Arguments.of(
            "<<: [{a: 1}, {a: 2, b: 3}]", new Fields(Map.of("a", plain("1"), "b", plain("3")))),
        Arguments.of("'<<': a", new Fields(Map.of("<<", plain("a")))),
        Arguments.of("a: |\n  x\n  y\n", new Fields(Map.of("a", new Text("x\ny\n", false)))));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void a_document_becomes_values(String text, Yaml expected) {
    assertThat(YamlReader.read(text)).contains(expected);
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        Arguments.of("a: b: c", "yaml: line 1: mapping values are not allowed here"),
        Arguments.of("a:\n\t- b", "yaml: line 2: found character"),
        Arguments.of("a: [1", "yaml: line 1: expected ',' or ']', but got"),
        Arguments.of("a: *x", "yaml: line 1: unknown anchor 'x' referenced"),
        Arguments.of("a: &x [*x]", "yaml: line 1: unknown anchor 'x' referenced"),
        Arguments.of(
            "a: 1\nb: 2\na: 3", "yaml: line 3: mapping key \"a\" already defined at line 1"),
        Arguments.of("? [a]\n: b", "yaml: line 1: invalid map key"),
        Arguments.of("<<: a", "yaml: line 1: map merge requires map or sequence of maps"),
        Arguments.of("<<: [a]", "yaml: line 1: map merge requires map or sequence of maps"),
        Arguments.of("a: !reset null", "yaml: line 1: tag !reset is not supported"),
        Arguments.of("a: \"\\x", "yaml: an escape \\x, \\u or \\U in double quotes"),
        Arguments.of("\"\\u", "yaml: an escape \\x, \\u or \\U in double quotes"),
        Arguments.of("\"\\UFFFFFFFF\"", "yaml: an escape \\x, \\u or \\U in double quotes"),
        Arguments.of("a\n---\nb", "yaml: line 3: only one document is supported"));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void what_cannot_be_read_is_refused_in_words(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> YamlReader.read(text))
        .withMessageStartingWith(message);
  }

  @Test
  void an_empty_text_has_no_document() {
    assertThat(YamlReader.read("# nothing\n")).isEmpty();
  }

  @Test
  void a_bomb_of_aliases_costs_no_more_than_its_text() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 100; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }

    assertThat(YamlReader.read(bomb.toString())).isPresent();
  }

  @Test
  void merging_without_end_is_refused() {
    StringBuilder bomb = new StringBuilder("a: &a\n");
    for (int i = 0; i < 10_000; i++) {
      bomb.append("  k").append(i).append(": x\n");
    }
    for (int i = 0; i < 11; i++) {
      bomb.append("b").append(i).append(": {<<: *a}\n");
    }

    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> YamlReader.read(bomb.toString()))
        .withMessageContaining("too many merged keys");
  }

  @Test
  void nesting_without_end_is_refused() {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> YamlReader.read("[".repeat(100_000)))
        .withMessageContaining("nested more than 64 deep");
  }

  @Test
  void a_huge_file_is_refused() {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> YamlReader.read("#".repeat(YamlReader.MAX_CHARACTERS + 1)))
        .withMessage("the file is larger than 1 MiB");
  }

  /** The parser would read the second half of such a letter after the end of its buffer. */
  @Test
  void letters_of_two_units_may_be_anywhere() {
    String letter = "\uD83D\uDE00";
    for (int before = 1000; before < 1050; before++) {
      String text = "x".repeat(before) + letter.repeat(3);

      assertThat(YamlReader.read(text)).contains(new Yaml.Text(text, true));
    }
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> YamlReader.read("x" + letter.charAt(0)));
  }
}
