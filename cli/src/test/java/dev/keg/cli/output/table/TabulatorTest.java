package dev.keg.cli.output.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class TabulatorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "''|''",
        "~|~",
        "a~b~|a~b~",
        // A cell is at least ten wide, and three wider than the widest of its column.
        ">b~|          b~",
        "a>b~|a         b~",
        "1234567>b~|1234567   b~",
        "12345678>b~|12345678   b~",
        "1234567890>b~a>b~|1234567890   b~a            b~",
        // Text without a tab after it belongs to no column.
        "a>12345678901234~a>b>c~|a         12345678901234~a         b         c~",
        "a>b>~|a         b         ~",
        // A column ends at a line without it.
        "12345678>b~c~d>e~|12345678   b~c~d         e~",
        "a>b>c~1234567890>b~a>b>c~|a            b         c~1234567890   b~a            b        "
            + " c~",
        "1>2>3~1>12345678>3~1>2~1>2>3~|1         2          3~1         12345678   3~1         2~1 "
            + "        2         3~",
        // A form feed ends the line and all columns; a vertical tab is a tab.
        "12345678>b^c>d~|12345678   b~c         d~",
        "a!b~|a         b~",
        "^|~",
        "a>b^^c>d~|a         b~~c         d~",
      })
  void cells_of_a_column_are_as_wide_as_the_widest(String text, String expected) {
    assertThat(aligned(decoded(text))).isEqualTo(decoded(expected));
  }

  private static String decoded(String text) {
    return text.replace('>', '\t').replace('~', '\n').replace('^', '\f').replace('!', '\u000B');
  }

  private static String aligned(String text) {
    StringBuilder out = new StringBuilder();
    Tabulator.append(out, text);
    return out.toString();
  }

  @Test
  void wide_characters_count_twice() {
    assertThat(aligned("日本語ドライバ\tb\n123456789012345\tb\n"))
        .isEqualTo("日本語ドライバ    b\n123456789012345   b\n");
  }

  @Test
  void a_long_table_is_aligned_as_a_whole() {
    String text = "a\tb\n".repeat(500) + "12345678901\tb\n" + "a\tb\n".repeat(500);
    assertThat(aligned(text).lines().map(line -> line.indexOf('b')).distinct()).containsExactly(14);
  }
}
