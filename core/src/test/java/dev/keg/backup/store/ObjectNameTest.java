package dev.keg.backup.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "_", "7/B/c", "data/d-b/2026_x..-z.tar.zst", "a./b-"})
  void a_name_is_of_words_that_any_system_knows(String text) {
    assertThat(ObjectName.lookup(text)).contains(new ObjectName(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.b", "-a", "a/-b", "a b"})
  void no_name_leaves_its_place_or_is_an_option(String text) {
    assertThat(ObjectName.lookup(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n", "a\\b", "a:b", "ä", "a@b", "a[", "a`", "a{", "\0"})
  void no_other_character_is_in_a_name(String text) {
    assertThat(ObjectName.lookup(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {900, 901})
  void the_longest_name_has_900_characters(int length) {
    assertThat(ObjectName.lookup("a".repeat(length)).isPresent()).isEqualTo(length == 900);
  }
}
