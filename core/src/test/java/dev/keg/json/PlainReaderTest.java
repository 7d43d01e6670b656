package dev.keg.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.json.JsonDocument.InvalidDocument;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainReaderTest {
  private static final String VOLUME =
      """
      {"schema":1,"driver":"local","size":1024,"zero":0,"quiet":true,"loud":false,"labels":{"env":"prod","a b":""},
       "names" : [ "db", "" ] , "none":[],"nothing":{}, "holders":[{"name":"web","since":7,"of":[{"a":{}}]},{}] }
      """;

  private static final String BYTES = "{}[]\",: \t\n\\.0123-+eEtrufalsn/*\u0000\u001f\u007fé";

  @Test
  void a_document_that_keg_wrote_is_plain() {
    JsonObject object =
        JsonObject.ofSchema(2)
            .put("driver", "local")
            .put("size", 1L << 50)
            .put("quiet", true)
            .put("labels", Map.of("env", "prod"))
            .texts("names", List.of("db", "web"))
            .objects("holders", List.of(new JsonObject().put("name", "web")));
    assertThat(PlainReader.read(object.bytes())).isNotNull();
    assertThat(PlainReader.read(object.pretty().getBytes(UTF_8))).isNotNull();
    assertThat(PlainReader.read(VOLUME.getBytes(UTF_8))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{}",
        "{}{}",
        "[]",
        "{\"schema\":1}",
        "\uFEFF{\"schema\":1}",
        "{\"schema\":1} ",
        "{\"schema\":1}\u0000",
        "{\"schema\":1}x",
        "{\"schema\":1,}",
        "{,\"schema\":1}",
        "{\"schema\":01}",
        "{\"schema\":-1}",
        "{\"schema\":1.0}",
        "{\"schema\":9}",
        "{\"schema\":\"1\"}",
        "{\"a\":1,\"schema\":1}",
        "{\"schema\":1,\"schema\":1}",
        "{\"schema\":1,\"a\":2,\"a\":2}",
        "{\"schema\":1,\"a\":null}",
        "{\"schema\":1,\"a\":nul}",
        "{\"schema\":1,\"a\":tru}",
        "{\"schema\":1,\"a\":truely}",
        "{\"schema\":1,\"a\":12a}",
        "{\"schema\":1,\"a\":1 2}",
        "{\"schema\":1,\"a\":9223372036854775807}",
        "{\"schema\":1,\"a\":9223372036854775808}",
        "{\"schema\":1,\"a\":123456789012345678}",
        "{\"schema\":1,\"a\":\"\\u0041\\n\"}",
        "{\"schema\":1,\"a\":\"\n\"}",
        "{\"schema\":1,\"a\":\"é\"}",
        "{\"schema\":1,\"a\":\"\u007f\"}",
        "{\"schema\":1,\"a\":[1]}",
        "{\"schema\":1,\"a\":[[]]}",
        "{\"schema\":1,\"a\":[\"b\",]}",
        "{\"schema\":1,\"a\":[\"b\"}",
        "{\"schema\":1,\"a\":{\"b\":1}}",
        "{\"schema\":1,\"a\":{\"b\":\"c\",\"b\":\"c\"}}",
        "{\"schema\":1,\"a\":{\"b\":\"c\",}}",
        "{\"schema\":1,\"a\":{\"b\":\"c\"]",
        "{\"schema\":1,/**/\"a\":1}",
      })
  void a_document_means_the_same_as_to_jackson(String text) {
    requireSame(text.getBytes(UTF_8));
  }

  @Test
  void a_damaged_document_is_refused_as_by_jackson() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] text = VOLUME.getBytes(UTF_8);
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        byte[] other = BYTES.getBytes(UTF_8);
        text[random.nextInt(text.length)] = other[random.nextInt(other.length)];
      }
      requireSame(text);
    }
  }

  @Test
  void a_document_that_is_cut_off_is_refused_as_by_jackson() {
    byte[] text = VOLUME.getBytes(UTF_8);
    for (int length = 0; length < text.length; length++) {
      requireSame(Arrays.copyOf(text, length));
    }
  }

  @Test
  void deep_documents_and_long_texts_are_left_to_jackson() {
    String deep = "{\"schema\":1,\"a\":" + "[{\"a\":".repeat(5000) + "1" + "}]".repeat(5000) + "}";
    requireSame(deep.getBytes(UTF_8));
    requireSame(("{\"schema\":1,\"a\":\"" + "x".repeat(100_000) + "\"}").getBytes(UTF_8));
    requireSame(("{\"schema\":1,\"" + "x".repeat(100_000) + "\":1}").getBytes(UTF_8));
  }

  private interface Reading {
    JsonDocument read() throws InvalidDocument;
  }

  private static void requireSame(byte[] text) {
    assertThat(outcome(() -> JsonDocument.read("file", 1, text)))
        .as(new String(text, UTF_8))
        .usingRecursiveComparison()
        .isEqualTo(outcome(() -> JsonDocument.readWithJackson("file", 1, text)));
  }

  private static Object outcome(Reading reading) {
    try {
      return reading.read();
    } catch (InvalidDocument | NewerSchema e) {
      return String.valueOf(e.getMessage());
    }
  }
}
