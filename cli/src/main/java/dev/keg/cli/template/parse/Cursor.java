package dev.keg.cli.template.parse;

/** A place in the text of a template, and the characters that follow it. */
final class Cursor {
  /** Marks the end of the text. */
  static final int END = -1;

  private static final String DECIMAL_DIGITS = "0123456789_";

  private final String text;
  private int position;

  Cursor(String text) {
    this.text = text;
  }

  int position() {
    return position;
  }

  void moveTo(int newPosition) {
    position = newPosition;
  }

  /** The text from there to here. */
  String since(int start) {
    return text.substring(start, position);
  }

  int peek() {
    return position < text.length() ? text.codePointAt(position) : END;
  }

  int next() {
    int c = peek();
    position += c == END ? 0 : Character.charCount(c);
    return c;
  }

  boolean startsWith(String what) {
    return text.startsWith(what, position);
  }

  boolean hasSpaceAt(int at) {
    return at >= 0 && at < text.length() && isSpace(text.charAt(at));
  }

  /** The position of the text from here on, or the end of the template. */
  int find(String what) {
    int at = text.indexOf(what, position);
    return at < 0 ? text.length() : at;
  }

  void skipSpace() {
    while (isSpace(peek())) {
      position++;
    }
  }

  void skipAlphanumeric() {
    while (isAlphanumeric(peek())) {
      next();
    }
  }

  /**
   * Skips what looks like a number: sign, prefix, digits, point, exponent and the {@code i} of an
   * imaginary one. Errors in digits and prefixes are found when the number is parsed. Returns false
   * if a letter follows.
   */
  boolean skipNumber() {
    accept("+-");
    String digits = DECIMAL_DIGITS;
    String exponent = "eE";
    if (accept("0")) {
      if (accept("xX")) {
        digits = "0123456789abcdefABCDEF_";
        exponent = "pP";
      } else if (accept("oO")) {
        digits = "01234567_";
        exponent = "";
      } else if (accept("bB")) {
        digits = "01_";
        exponent = "";
      }
    }
    acceptAll(digits);
    if (accept(".")) {
      acceptAll(digits);
    }
    if (accept(exponent)) {
      accept("+-");
      acceptAll(DECIMAL_DIGITS);
    }
    accept("i");
    boolean complete = !isAlphanumeric(peek());
    if (!complete) {
      next();
    }
    return complete;
  }

  private boolean accept(String any) {
    int c = peek();
    boolean accepted = c != END && any.indexOf(c) >= 0;
    if (accepted) {
      position++;
    }
    return accepted;
  }

  private void acceptAll(String any) {
    boolean more = true;
    while (more) {
      more = accept(any);
    }
  }

  static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAlphanumeric(int c) {
    return c == '_' || Character.isLetter(c) || Character.isDigit(c);
  }
}
