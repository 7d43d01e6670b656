package dev.keg.cli.template.print;

import dev.keg.cli.template.GoText;

/** Quotes strings and characters as Go does: {@code strconv.Quote} and its family. */
public final class Quote {
  private Quote() {}

  public static String string(String text) {
    return string(text, false);
  }

  public static String string(String text, boolean ascii) {
    StringBuilder out = new StringBuilder().append('"');
    text.codePoints().forEach(c -> escape(out, c, '"', ascii));
    return out.append('"').toString();
  }

  static String character(int codePoint, boolean ascii) {
    StringBuilder out = new StringBuilder().append('\'');
    boolean valid = Character.isValidCodePoint(codePoint) && !isSurrogate(codePoint);
    escape(out, valid ? codePoint : 0xFFFD, '\'', ascii);
    return out.append('\'').toString();
  }

  /** In the format of {@code %#U}: {@code U+007D '}'}. */
  public static String unicode(int codePoint) {
    String number = "U+%04X".formatted(codePoint);
    return isPrintable(codePoint) ? number + " '" + Character.toString(codePoint) + "'" : number;
  }

  /** Whether the text can be put between back quotes on one line. */
  static boolean fitsBackQuotes(String text) {
    return text.codePoints()
        .allMatch(
            c ->
                (c >= ' ' || c == '\t')
                    && c != '`'
                    && c != 0x7F
                    && c != 0xFEFF
                    && !GoText.isStray(c));
  }

  private static void escape(StringBuilder out, int c, char quote, boolean ascii) {
    if (c == quote || c == '\\') {
      out.append('\\').append((char) c);
    } else if (GoText.isStray(c)) {
      out.append("\\x").append(hex(GoText.strayByte(c), 2));
    } else if (isPrintable(c) && (!ascii || c < 0x80)) {
      out.appendCodePoint(c);
    } else {
      escapeUnprintable(out, c);
    }
  }

  private static void escapeUnprintable(StringBuilder out, int c) {
    switch (c) {
      case 0x07 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 0x0B -> out.append("\\v");
      default -> {
        if (c < ' ' || c == 0x7F) {
          out.append("\\x").append(hex(c, 2));
        } else if (c < 0x10000) {
          out.append("\\u").append(hex(c, 4));
        } else {
          out.append("\\U").append(hex(c, 8));
        }
      }
    }
  }

  private static String hex(int value, int digits) {
    return ("%0" + digits + "x").formatted(value);
  }

  /** Go's {@code strconv.IsPrint}: letters, marks, numbers, punctuation, symbols and the space. */
  public static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  public static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
