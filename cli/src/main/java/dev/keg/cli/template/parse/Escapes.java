package dev.keg.cli.template.parse;

import dev.keg.cli.template.print.Quote;

/**
 * Decodes the text between the quotes of a Go literal, character by character: letters after a
 * backslash, {@code \x41} and {@code \101} for bytes, {@code u} and {@code U} with four and eight
 * digits for characters, and the escaped quote itself.
 */
final class Escapes {
  private static final int MALFORMED = -1;

  private final String literal;
  private final char quote;
  private int position = 1;
  private boolean isByte;

  /** The literal includes its quotes. */
  Escapes(String literal) {
    this.literal = literal;
    this.quote = literal.charAt(0);
  }

  /** Whether only the closing quote is left. */
  boolean atEnd() {
    return position == literal.length() - 1;
  }

  /** Whether the last one was written as a byte, which need not be a whole character. */
  boolean isByte() {
    return isByte;
  }

  /** The next code point or byte. */
  int next() throws MalformedLiteral {
    isByte = false;
    int c = literal.codePointAt(position);
    position += Character.charCount(c);
    int value = c == quote ? MALFORMED : c == '\\' ? escaped() : c;
    if (value == MALFORMED) {
      throw new MalformedLiteral("invalid syntax");
    }
    return value;
  }

  private int escaped() {
    char c = literal.charAt(position++);
    return switch (c) {
      case 'a' -> 0x07;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0B;
      case '\\' -> '\\';
      case '\'', '"' -> c == quote ? c : MALFORMED;
      case 'x' -> singleByte(2, 16);
      case 'u' -> character(digits(4, 16));
      case 'U' -> character(digits(8, 16));
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        position--;
        yield singleByte(3, 8);
      }
      default -> MALFORMED;
    };
  }

  private int singleByte(int count, int base) {
    isByte = true;
    int value = digits(count, base);
    return value > 0xFF ? MALFORMED : value;
  }

  private static int character(int value) {
    return Character.isValidCodePoint(value) && !Quote.isSurrogate(value) ? value : MALFORMED;
  }

  private int digits(int count, int base) {
    int end = position + count;
    if (end > literal.length() - 1) {
      return MALFORMED;
    }
    long value = 0;
    for (; position < end; position++) {
      int digit = Character.digit(literal.charAt(position), base);
      if (digit < 0) {
        return MALFORMED;
      }
      value = value * base + digit;
    }
    return value > Integer.MAX_VALUE ? MALFORMED : (int) value;
  }
}
