package dev.keg.cli.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes strings, numbers, booleans, nulls, lists, maps (in their own order) and {@link JsonValue}s
 * as Go's {@code encoding/json} does.
 */
public final class Json {
  /** Text that is already JSON. */
  public record Encoded(String text) {}

  private static final String HEX = "0123456789abcdef";
  private static final String INDENT = "    ";

  private final StringBuilder out;
  private final boolean escapesHtml;
  private final boolean indents;

  private Json(StringBuilder out, boolean escapesHtml, boolean indents) {
    this.out = out;
    this.escapesHtml = escapesHtml;
    this.indents = indents;
  }

  /** On one line, with {@code < > &} escaped: Go's {@code json.Marshal}. */
  public static String compact(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    new Json(out, true, false).write(value, 0);
    return out.toString();
  }

  /** On one line, with {@code < > &} unchanged: an encoder with {@code SetEscapeHTML(false)}. */
  public static String unescaped(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    new Json(out, false, false).write(value, 0);
    return out.toString();
  }

  /** Indented by four spaces: {@code json.MarshalIndent} as docker calls it. */
  public static String indented(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    new Json(out, true, true).write(value, 0);
    return out.toString();
  }

  /** One string as {@link #compact} writes it, for callers that write the rest themselves. */
  public static void appendString(StringBuilder out, String text) {
    new Json(out, true, false).string(text);
  }

  private void write(@Nullable Object value, int depth) {
    switch (value) {
      case null -> out.append("null");
      case String text -> string(text);
      case Boolean bool -> out.append(bool.booleanValue());
      case Double number -> real(number);
      case Byte unsigned -> out.append(Byte.toUnsignedInt(unsigned));
      case Number number -> out.append(number);
      case Map<?, ?> map -> object(map, depth);
      case List<?> list -> array(list, depth);
      case Encoded encoded -> out.append(encoded.text());
      case JsonValue other -> write(other.json(), depth);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private void object(Map<?, ?> map, int depth) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      separate(first, depth + 1);
      first = false;
      string((String) entry.getKey());
      out.append(indents ? ": " : ":");
      write(entry.getValue(), depth + 1);
    }
    close('}', first, depth);
  }

  private void array(List<?> list, int depth) {
    out.append('[');
    boolean first = true;
    for (Object item : list) {
      separate(first, depth + 1);
      first = false;
      write(item, depth + 1);
    }
    close(']', first, depth);
  }

  private void separate(boolean first, int depth) {
    if (!first) {
      out.append(',');
    }
    if (indents) {
      out.append('\n').repeat(INDENT, depth);
    }
  }

  private void close(char bracket, boolean empty, int depth) {
    if (indents && !empty) {
      out.append('\n').repeat(INDENT, depth);
    }
    out.append(bracket);
  }

  private void string(String text) {
    out.append('"');
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (plain(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      out.append(text, done, i);
      escape(c);
      done = i + 1;
    }
    // Most strings need no escape, and are copied faster as a whole.
    if (done == 0) {
      out.append(text);
    } else {
      out.append(text, done, text.length());
    }
    out.append('"');
  }

  private boolean plain(char c) {
    if (c >= 0x80) {
      return c != '\u2028' && c != '\u2029' && !Character.isSurrogate(c);
    }
    boolean html = escapesHtml && (c == '<' || c == '>' || c == '&');
    return c >= ' ' && c != '"' && c != '\\' && !html;
  }

  private void escape(char c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        // An unpaired surrogate is not valid in UTF-8; Go writes the replacement character.
        char written = Character.isSurrogate(c) ? '\uFFFD' : c;
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(HEX.charAt(written >> shift & 0xF));
        }
      }
    }
  }

  /** The fewest digits that read back as this number, without zeros at the end. */
  public static BigDecimal shortest(double value) {
    BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (digits.precision() == 2) {
      // Java prefers two digits to one, as in 4.9E-324.
      BigDecimal oneDigit = digits.round(new MathContext(1, RoundingMode.HALF_EVEN));
      return oneDigit.doubleValue() == value ? oneDigit.stripTrailingZeros() : digits;
    }
    return digits;
  }

  // The format of ES6: plain from 1e-6 up to 1e21, and no zero before a one-digit exponent.
  private void real(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("json: unsupported value: " + value);
    }
    if (value == 0) {
      out.append(1 / value < 0 ? "-0" : "0");
      return;
    }
    BigDecimal shortest = shortest(value);
    double size = Math.abs(value);
    if (size >= 1e-6 && size < 1e21) {
      out.append(shortest.toPlainString());
      return;
    }
    int exponent = shortest.precision() - shortest.scale() - 1;
    out.append(shortest.movePointLeft(exponent).toPlainString());
    out.append(exponent < 0 ? "e-" : "e+").append(Math.abs(exponent));
  }
}
