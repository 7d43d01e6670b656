package dev.keg.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.NotFound;
import dev.keg.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginConnectionTest {
  private final List<String> asked = new ArrayList<>();

  private String serve(String... requests) throws IOException {
    var out = new ByteArrayOutputStream();
    var in = new ByteArrayInputStream(String.join("", requests).getBytes(StandardCharsets.UTF_8));
    new PluginConnection(in, new PrintStream(out))
        .serve(this::answer, unheard -> asked.add("unheard " + unheard));
    return out.toString(StandardCharsets.UTF_8);
  }

  private JsonObject answer(PluginRequest request) {
    asked.add(request.endpoint());
    if (request.endpoint().endsWith("Get")) {
      throw new NotFound("get", request.text("Name"));
    }
    return new JsonObject().put("Err", "");
  }

  private static String post(String endpoint, String body) {
    return "POST %s HTTP/1.1\r\nHost: \r\nContent-Length: %d\r\n\r\n%s"
        .formatted(endpoint, body.length(), body);
  }

  @Test
  void one_request_is_answered_and_the_connection_closed() throws IOException {
    assertThat(serve(post("/VolumeDriver.List", "{}\n")))
        .isEqualTo(
            """
            HTTP/1.1 200 OK\r
            Content-Type: application/vnd.docker.plugins.v1.1+json\r
            Content-Length: 11\r
            Connection: close\r
            \r
            {"Err":""}
            """);
  }

  @Test
  void requests_that_have_arrived_are_answered_in_turn() throws IOException {
    String answers =
        serve(
            post("/VolumeDriver.Get", "{\"Name\":\"db\"}"),
            post("/Plugin.Activate", ""),
            post("/VolumeDriver.List", "{}"));

    assertThat(asked)
        .containsExactly("/VolumeDriver.Get", "/Plugin.Activate", "/VolumeDriver.List");
    assertThat(answers.split("Connection: keep-alive", -1)).hasSize(3);
    assertThat(answers.split("Connection: close", -1)).hasSize(2);
    assertThat(answers)
        .startsWith("HTTP/1.1 500 Internal Server Error")
        .contains("{\"Err\":\"get db: no such volume\"}");
  }

  @Test
  void a_connection_without_a_request_gets_no_answer() throws IOException {
    assertThat(serve()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET / HTTP/1.1~~ | not a POST of HTTP/1.1",
        "nonsense~~ | not a POST of HTTP/1.1",
        "POST / HTTP/1.1~Host: x | it is cut off",
        "POST / HTTP/1.1~Content-Length: 9~~{} | it is cut off",
        "POST / HTTP/1.1~Content-Length: -1~~{} | Content-Length is not",
        "POST / HTTP/1.1~Content-Length: 9999999~~{} | Content-Length is not",
        "POST / HTTP/1.1~Transfer-Encoding: chunked~~2~{}~0~~ | the body has no Content-Length",
        "POST / HTTP/1.1~Content-Length: 3~~[1] | the body is not a JSON object",
      })
  void what_is_not_a_request_is_an_error_and_nothing_is_done(String text, String why)
      throws IOException {
    String answer = serve(text.replace("~", "\r\n"));

    assertThat(answer).startsWith("HTTP/1.1 500 ").contains("Connection: close");
    assertThat(answer).contains(why);
    assertThat(asked).isEmpty();
  }

  @Test
  void a_bug_is_answered_too() throws IOException {
    var out = new ByteArrayOutputStream();
    var in =
        new ByteArrayInputStream(post("/Plugin.Activate", "").getBytes(StandardCharsets.UTF_8));
    var connection = new PluginConnection(in, new PrintStream(out));

    assertThatThrownBy(
            () ->
                connection.serve(
                    _ -> {
                      throw new IllegalStateException("a bug");
                    },
                    _ -> {}))
        .isInstanceOf(IllegalStateException.class);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("HTTP/1.1 500 ")
        .contains("{\"Err\":\"a bug\"}");
  }

  @Test
  void an_engine_that_was_killed_does_not_hear_the_answer() {
    var in =
        new ByteArrayInputStream(
            post("/VolumeDriver.Mount", "{\"Name\":\"db\"}").getBytes(StandardCharsets.UTF_8));
    var out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    assertThatThrownBy(
            () ->
                new PluginConnection(in, new PrintStream(out))
                    .serve(this::answer, unheard -> asked.add("unheard " + unheard.endpoint())))
        .hasMessage("nobody reads the answer");
    assertThat(asked).containsExactly("/VolumeDriver.Mount", "unheard /VolumeDriver.Mount");
  }

  @Test
  void a_head_without_an_end_is_not_read_for_ever() throws IOException {
    assertThat(serve("POST / HTTP/1.1\r\n", "X: y\r\n".repeat(20_000)))
        .contains("the head is too long");
  }
}
