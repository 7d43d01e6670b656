package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoSyntaxTest {
  @Test
  void quoting_escapes_what_cannot_be_seen() {
    assertThat(GoSyntax.quote("a\"b\\c\n\t\r\u0001\u007f\u00a0é\u200b\ud83d\ude00"))
        .isEqualTo("\"a\\\"b\\\\c\\n\\t\\r\\x01\\x7f\\u00a0é\\u200b\ud83d\ude00\"");
  }

  @Test
  void trimming_takes_every_kind_of_space() {
    assertThat(GoSyntax.trim("\u00a0 \t\u0085x y\u2028\n")).isEqualTo("x y");
  }
}
