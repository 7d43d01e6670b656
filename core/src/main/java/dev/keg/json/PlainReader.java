package dev.keg.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what most documents of Keg are: ASCII without escapes. Each method returns null for
 * anything else, valid or not, which Jackson then reads or refuses. Jackson's parser alone takes a
 * fifth of a small command on Java, because it makes Java calculate large powers.
 */
final class PlainReader {
  private static final int LONGEST_TEXT = 1 << 14;
  private static final int MOST_DIGITS = 18;
  private static final int DEEPEST = 8;

  private final byte[] bytes;
  private int at;
  private int depth;

  private PlainReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** All fields of the single object, in their order. */
  static @Nullable Map<String, Object> read(byte[] bytes) {
    PlainReader reader = new PlainReader(bytes);
    Map<String, Object> fields = reader.next() == '{' ? reader.fields() : null;
    return reader.next() == 0 && reader.at > bytes.length ? fields : null;
  }

  // The next byte that is not white space, which is then consumed; 0 at the end.
  private int next() {
    while (at < bytes.length) {
      int next = bytes[at++];
      if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
        return next;
      }
    }
    at++;
    return 0;
  }

  private @Nullable Map<String, Object> fields() {
    if (++depth > DEEPEST) {
      return null;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    int next = next();
    while (next == '"') {
      String name = text();
      Object value = name != null && next() == ':' ? value() : null;
      if (value == null || fields.put(name, value) != null) {
        return null;
      }
      next = afterMember('}');
    }
    depth--;
    return next == '}' ? fields : null;
  }

  // After an element: the end, or the beginning of another one after a comma.
  private int afterMember(char end) {
    int next = next();
    if (next == ',') {
      next = next();
      return next == end ? 0 : next;
    }
    return next == end ? end : 0;
  }

  private @Nullable Object value() {
    int first = next();
    return switch (first) {
      case '"' -> text();
      case '{' -> texts();
      case '[' -> list();
      case 't' -> word("rue", true);
      case 'f' -> word("alse", false);
      default -> number(first);
    };
  }

  private @Nullable String text() {
    int start = at;
    while (at < bytes.length && bytes[at] != '"') {
      if (bytes[at] < ' ' || bytes[at] == '\\' || at - start > LONGEST_TEXT) {
        return null;
      }
      at++;
    }
    return at < bytes.length
        ? new String(bytes, start, at++ - start, StandardCharsets.ISO_8859_1)
        : null;
  }

  private @Nullable Boolean word(String rest, boolean value) {
    for (int i = 0; i < rest.length(); i++) {
      if (at == bytes.length || bytes[at++] != rest.charAt(i)) {
        return null;
      }
    }
    return value;
  }

  private @Nullable Long number(int first) {
    int start = at;
    long value = first - '0';
    if (value < 0 || value > 9) {
      return null;
    }
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
      value = value * 10 + bytes[at++] - '0';
      if (first == '0' || at - start == MOST_DIGITS) {
        return null;
      }
    }
    return value;
  }

  private @Nullable SortedMap<String, String> texts() {
    SortedMap<String, String> texts = new TreeMap<>();
    int next = next();
    while (next == '"') {
      String key = text();
      String value = key != null && next() == ':' && next() == '"' ? text() : null;
      if (value == null || texts.put(key, value) != null) {
        return null;
      }
      next = afterMember('}');
    }
    return next == '}' ? texts : null;
  }

  private @Nullable List<Object> list() {
    List<Object> list = new ArrayList<>();
    int next = next();
    while (next == '"' || next == '{') {
      Object element = next == '"' ? text() : document();
      if (element == null) {
        return null;
      }
      list.add(element);
      next = afterMember(']');
    }
    return next == ']' ? list : null;
  }

  private @Nullable JsonDocument document() {
    Map<String, Object> fields = fields();
    return fields == null ? null : new JsonDocument(0, fields);
  }
}
