package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.InvalidInput.InvalidLabel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          label|label|
          label=|label|
          key1=value1|key1|value1
          key1=value1=value2|key1|value1=value2
          label=a value that has whitespace|label|a value that has whitespace
          label=value   |label|value\s\s\s
          label=  value|label|  value
              label=value|    label|value
          "quoted-label"="quoted value"|"quoted-label"|"quoted value"
          key'with'quotes=hello'with'quotes|key'with'quotes|hello'with'quotes
          key"with"quotes={"hello"}|key"with"quotes|{"hello"}
          """)
  void valid(String text, String key, @Nullable String value) {
    assertThat(Labels.parse(List.of(text)).map())
        .containsExactlyEntriesOf(Map.of(key, value == null ? "" : value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
           |invalid label ' ': empty name
          \t|invalid label '\t': empty name
           = |invalid label ' = ': empty name
          =label|invalid label '=label': empty name
          this is a label without value|label 'this is a label without value' contains whitespaces
          this is a label=value|label 'this is a label' contains whitespaces
          label =value|label 'label ' contains whitespaces
          a\tb=c|label 'a\tb' contains whitespaces
          """)
  void invalid(String text, String message) {
    assertThatThrownBy(() -> Labels.parse(List.of(text)))
        .isInstanceOf(InvalidLabel.class)
        .hasMessage(message);
  }

  @Test
  void an_empty_label_is_refused() {
    assertThatThrownBy(() -> Labels.parse(List.of(""))).hasMessage("invalid label '': empty name");
  }

  @Test
  void of_a_repeated_key_the_last_holds() {
    assertThat(Labels.parse(List.of("a=1", "b=2", "a=3")).map())
        .containsExactlyEntriesOf(new TreeMap<>(Map.of("a", "3", "b", "2")));
  }
}
