package dev.keg.cli.output.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

public class VisibleTextTest {
  @Test
  void what_a_terminal_would_obey_is_shown_as_a_number() {
    String text = "a\u001b[31mb\u0007\u009b\tc\nd é 界";

    assertThat(VisibleText.line(text)).isEqualTo("a\\x1b[31mb\\x07\\x9b\\x09c\\x0ad é 界");
    assertThat(VisibleText.lines(text)).isEqualTo("a\\x1b[31mb\\x07\\x9b\tc\nd é 界");
  }
}
