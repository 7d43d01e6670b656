package dev.keg.cli.template.print;

/** The part between {@code %} and the verb: {@code %[flags][width][.precision]verb}. */
final class Flags {
  static final int ABSENT = -1;

  boolean minus;
  boolean plus;
  boolean sharp;
  boolean space;
  boolean zero;

  /** {@code %+v}: structs with the names of their fields. */
  boolean fieldNames;

  /** {@code %#v}: values as Go source. */
  boolean goSyntax;

  int width = ABSENT;
  int precision = ABSENT;

  /** For {@code v}, plus and sharp select another form of the whole value. */
  void forVerb(int verb) {
    if (verb == 'v') {
      goSyntax = sharp;
      sharp = false;
      fieldNames = plus;
      plus = false;
    }
  }

  boolean padsWithZeros() {
    return zero && !minus;
  }

  /** Appends a text, padded to the width. Zeros precede any text, even a word. */
  void pad(StringBuilder out, String text) {
    pad(out, text, padsWithZeros());
  }

  void padWithBlanks(StringBuilder out, String text) {
    pad(out, text, false);
  }

  private void pad(StringBuilder out, String text, boolean zeros) {
    int missing = Math.max(0, width - text.codePointCount(0, text.length()));
    if (minus) {
      out.append(text).repeat(' ', missing);
    } else {
      out.repeat(zeros ? '0' : ' ', missing).append(text);
    }
  }

  /** A text truncated to the precision, counted in characters. */
  String cut(String text) {
    return precision == ABSENT || text.codePointCount(0, text.length()) <= precision
        ? text
        : text.substring(0, text.offsetByCodePoints(0, precision));
  }
}
