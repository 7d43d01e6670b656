package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.InvalidInput.InvalidName;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "name-with-dash",
        "name_with_underscore",
        "thing.d",
        "hello-world",
        "ab",
        "a-",
        "0a",
        "a..",
        "A9"
      })
  void valid(String text) {
    assertThat(new VolumeName(text).text()).isEqualTo(text);
    assertThat(VolumeName.lookup(text)).contains(new VolumeName(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "~", ".", "/", "0"})
  void too_short(String text) {
    assertThatThrownBy(() -> new VolumeName(text))
        .isInstanceOf(InvalidName.class)
        .hasMessage(
            "create %s: volume name is too short,".formatted(text)
                + " names should be at least two alphanumeric characters");
    assertThat(VolumeName.lookup(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name/with/slash",
        "name/with/../../slash",
        "./name",
        "../name",
        "./",
        "../",
        "/testvol",
        ".hello",
        "..",
        "...",
        "hello world",
        "a/b",
        "--foo",
        "é",
        "名前",
        "a\n",
        "ab\n",
        "a\0b",
        "-a",
        "_a"
      })
  void invalid_characters(String text) {
    assertThatThrownBy(() -> new VolumeName(text))
        .isInstanceOf(InvalidName.class)
        .hasMessage(
            "create %s: \"%s\" includes invalid characters for a local volume name, only"
                    .formatted(text, text.replace("\n", "\\n"))
                + " \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host"
                + " directory, use absolute path");
    assertThat(VolumeName.lookup(text)).isEmpty();
  }

  @Test
  void an_invalid_name_is_quoted_as_docker_quotes_it() {
    assertThatThrownBy(() -> new VolumeName("a\"b\\c\td"))
        .hasMessageStartingWith("create a\"b\\c\td: \"a\\\"b\\\\c\\td\" includes");
  }

  @Test
  void an_anonymous_name_has_64_hexadecimal_digits() {
    SplittableRandom random = new SplittableRandom(1);

    VolumeName first = VolumeName.anonymous(random);

    assertThat(first.text()).matches("[0-9a-f]{64}");
    assertThat(VolumeName.anonymous(random)).isNotEqualTo(first);
  }

  static List<List<String>> ordered() {
    return List.of(
        List.of("volume-1-foo", "volume-2-foo", "volume-10-foo"),
        List.of("1a", "a1"),
        List.of("a", "a1", "a2", "a10", "aa"),
        List.of("a1", "a01", "a001", "a2"),
        List.of("a0", "a00", "a1"),
        List.of("a.b", "a_b", "ab"),
        List.of("A", "a"),
        List.of("v9", "v9999999999999999999998", "v9999999999999999999999"),
        List.of("a1b9", "a1b10", "a01b2"));
  }

  @ParameterizedTest
  @MethodSource("ordered")
  void docker_order(List<String> expected) {
    assertThat(VolumeName.inOrder(expected.reversed())).isEqualTo(expected);
  }

  /** Also entries of the directory of volumes that are no names of volumes. */
  @Test
  void any_texts_are_in_the_order_of_each_two_of_them() {
    String alphabet = "ab01 .\u00fe\u00ff\u0100\uffff";
    SplittableRandom random = new SplittableRandom(7);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder();
      for (int left = random.nextInt(11); left > 0; left--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      texts.add(text.toString());
    }

    List<String> expected = new ArrayList<>(texts);
    expected.sort(NaturalOrder::compare);
    assertThat(VolumeName.inOrder(texts)).isEqualTo(expected);
  }
}
