package dev.keg.engine;

import dev.keg.driver.plugin.HttpHead;
import dev.keg.driver.plugin.HttpHead.Malformed;
import dev.keg.error.InvalidInput.InvalidRequest;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An engine's request: an HTTP/1.1 POST with a small JSON object.
 *
 * @param endpoint such as {@code /VolumeDriver.Mount}
 * @param fields the fields of the object; empty without a body
 */
record PluginRequest(String endpoint, Map<String, Object> fields) {
  private static final int LONGEST_BODY = 1 << 20;

  /** Reads the next request; empty if the engine has closed the connection. */
  static Optional<PluginRequest> read(InputStream in) throws IOException {
    List<String> head = head(in);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    String[] words = head.getFirst().split(" ", -1);
    if (words.length != 3 || !words[0].equals("POST") || !words[2].startsWith("HTTP/1.")) {
      throw new InvalidRequest("not a POST of HTTP/1.1");
    }
    int length = length(HttpHead.headers(head));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new InvalidRequest("it is cut off");
    }
    return Optional.of(new PluginRequest(words[1], parse(body)));
  }

  private static List<String> head(InputStream in) throws IOException {
    try {
      return HttpHead.read(in);
    } catch (Malformed e) {
      throw new InvalidRequest(String.valueOf(e.getMessage()));
    }
  }

  private static int length(Map<String, String> headers) {
    if (headers.containsKey("transfer-encoding")) {
      throw new InvalidRequest("the body has no Content-Length");
    }
    return parseLength(headers.getOrDefault("content-length", "0"));
  }

  private static int parseLength(String value) {
    if (!value.matches("\\d{1,7}") || Integer.parseInt(value) > LONGEST_BODY) {
      throw new InvalidRequest("Content-Length is not a number up to " + LONGEST_BODY);
    }
    return Integer.parseInt(value);
  }

  /**
   * A text of the body. It must exist: an engine whose connection was lost sends its request again
   * with an empty body, which must not count as a volume without a name.
   */
  String text(String field) {
    if (fields.get(field) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new InvalidRequest(field + " is missing");
  }

  /** A map of texts in the body; engines send null for an empty one. */
  SortedMap<String, String> texts(String field) {
    SortedMap<String, String> texts = new TreeMap<>();
    if (fields.get(field) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    }
    return texts;
  }

  private static Map<String, Object> parse(byte[] body) {
    try {
      return body.length == 0 ? Map.of() : JsonObject.parse(body);
    } catch (InvalidDocument _) {
      throw new InvalidRequest("the body is not a JSON object");
    }
  }
}
