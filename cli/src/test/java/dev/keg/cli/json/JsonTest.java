package dev.keg.cli.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  static Stream<Arguments> strings() {
    return Stream.of(
        arguments("", "\"\""),
        arguments("plain text ~", "\"plain text ~\""),
        arguments("\"\\/", "\"\\\"\\\\/\""),
        arguments("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""),
        arguments("\u0000\u0001\u001f\u007f", "\"\\u0000\\u0001\\u001f\u007f\""),
        arguments("<a&b>", "\"\\u003ca\\u0026b\\u003e\""),
        arguments("\u2027\u2028\u2029", "\"\u2027\\u2028\\u2029\""),
        arguments("é日本😀\ufeff", "\"é日本😀\ufeff\""),
        arguments("a\udcffb", "\"a\\ufffdb\""),
        arguments("\ud83d", "\"\\ufffd\""),
        arguments("\ude00\ud83d\ude00", "\"\\ufffd😀\""));
  }

  @ParameterizedTest
  @MethodSource("strings")
  void a_string_is_escaped_as_go_escapes_it(String text, String expected) {
    assertThat(Json.compact(text)).isEqualTo(expected);
    StringBuilder appended = new StringBuilder();
    Json.appendString(appended, text);
    assertThat(appended).hasToString(expected);
  }

  @Test
  void unescaped_leaves_html_alone_and_nothing_else() {
    assertThat(Json.unescaped("<a&b>\"\u2028")).isEqualTo("\"<a&b>\\\"\\u2028\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "-0.0,-0",
    "1,1",
    "1.5,1.5",
    "100,100",
    "1e20,100000000000000000000",
    "999999999999999900000,999999999999999900000",
    "1e21,1e+21",
    "1.5e300,1.5e+300",
    "0.000001,0.000001",
    "0.0000001,1e-7",
    "-1.25e-9,-1.25e-9",
    "1e-10,1e-10",
    "123456789.125,123456789.125",
    "0.1,0.1",
    "4.9e-324,5e-324",
    "2e-323,2e-323",
    "9007199254740993,9007199254740992"
  })
  void a_real_number_is_written_as_es6_writes_it(double number, String expected) {
    assertThat(Json.compact(number)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void what_is_not_a_number_is_refused(double number) {
    assertThatThrownBy(() -> Json.compact(number)).isInstanceOf(IllegalArgumentException.class);
  }

  static Stream<Arguments> values() {
    Map<String, Object> ordered = new LinkedHashMap<>();
    ordered.put("z", 1);
    ordered.put("a", null);
    return Stream.of(
        arguments(null, "null"),
        arguments(true, "true"),
        arguments(7, "7"),
        arguments(Long.MIN_VALUE, "-9223372036854775808"),
        arguments((byte) 200, "200"),
        arguments(List.of(), "[]"),
        arguments(Map.of(), "{}"),
        arguments(Arrays.asList("a", null, 1.0), "[\"a\",null,1]"),
        arguments(ordered, "{\"z\":1,\"a\":null}"),
        arguments(new TreeMap<>(Map.of("b", 1, "a", List.of(2))), "{\"a\":[2],\"b\":1}"),
        arguments((JsonValue) () -> List.of((JsonValue) () -> null), "[null]"),
        arguments(List.of(new Json.Encoded("{\"x\":\"\\u003c\"}")), "[{\"x\":\"\\u003c\"}]"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void a_value_is_written_on_one_line(Object value, String expected) {
    assertThat(Json.compact(value)).isEqualTo(expected);
    assertThat(Json.unescaped(value)).isEqualTo(expected);
  }

  @Test
  void a_value_of_an_unknown_type_is_refused() {
    assertThatThrownBy(() -> Json.compact(new Object()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void indented_puts_every_member_on_its_line_but_nothing_into_empty_brackets() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("a", List.of(1, Map.of()));
    object.put("b", Map.of("c", List.of()));
    assertThat(Json.indented(List.of(object)))
        .isEqualTo(
            """
            [
                {
                    "a": [
                        1,
                        {}
                    ],
                    "b": {
                        "c": []
                    }
                }
            ]""");
    assertThat(Json.indented(List.of())).isEqualTo("[]");
  }
}
