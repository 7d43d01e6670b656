package dev.keg.cli.template.run;

import dev.keg.cli.template.GoStrings;
import dev.keg.cli.template.GoText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** The text functions that docker adds: {@code split title lower upper pad truncate}. */
final class TextFunctions {
  /** More spaces than a line can use. */
  private static final int MAX_PADDING = 1 << 24;

  private TextFunctions() {}

  /** Splits by the separator, or into characters if that is empty. */
  static GoStrings split(String text, String separator) {
    if (separator.isEmpty()) {
      return new GoStrings(text.codePoints().mapToObj(Character::toString).toList());
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return new GoStrings(parts);
  }

  // Go maps each character separately: no ß to SS, and no language-specific rules.
  static String lower(String text) {
    return mapped(text, Character::toLowerCase);
  }

  static String upper(String text) {
    return mapped(text, Character::toUpperCase);
  }

  private static String mapped(String text, IntUnaryOperator mapping) {
    int[] mapped = text.codePoints().map(c -> mapping.applyAsInt(valid(c))).toArray();
    return new String(mapped, 0, mapped.length);
  }

  // An invalid character becomes the replacement character when Go maps a string.
  private static int valid(int c) {
    return GoText.isStray(c) ? 0xFFFD : c;
  }

  /**
   * Converts the first letter of each word to title case; a word ends at anything but {@code
   * A-Za-z0-9_}.
   */
  static String title(String text) {
    StringBuilder title = new StringBuilder();
    int previous = ' ';
    for (int c : text.codePoints().map(TextFunctions::valid).toArray()) {
      title.appendCodePoint(separatesWords(previous) ? Character.toTitleCase(c) : c);
      previous = c;
    }
    return title.toString();
  }

  private static boolean separatesWords(int c) {
    if (c == '_' || Character.isLetter(c) || Character.isDigit(c)) {
      return false;
    }
    return c < 0x80 || Character.isSpaceChar(c) || c == 0x85;
  }

  /** Adds spaces before and after, unless the text is empty. */
  static String pad(String text, long before, long after) throws CallFailed {
    return text.isEmpty() ? text : blanks(before) + text + blanks(after);
  }

  private static String blanks(long count) throws CallFailed {
    if (count < 0) {
      throw new CallFailed("strings: negative Repeat count");
    }
    if (count > MAX_PADDING) {
      throw new CallFailed("strings: Repeat output length overflow");
    }
    char[] blanks = new char[(int) count];
    Arrays.fill(blanks, ' ');
    return new String(blanks);
  }

  /** The first bytes of the text. */
  static String truncate(String text, long length) throws CallFailed {
    if (GoText.length(text) < length) {
      return text;
    }
    if (length < 0) {
      throw new CallFailed("runtime error: slice bounds out of range [:" + length + "]");
    }
    return GoText.slice(text, 0, (int) length);
  }
}
