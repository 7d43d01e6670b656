package dev.keg.cli.output.table;

import java.util.function.IntPredicate;

/**
 * Foreign text for a terminal: control characters, which could move the cursor or worse, are shown
 * in the notation of findmnt(8).
 */
public final class VisibleText {
  private VisibleText() {}

  /** One line. */
  public static String line(String text) {
    return replaced(text, Character::isISOControl);
  }

  /** Text that may have several lines. */
  public static String lines(String text) {
    return replaced(text, c -> Character.isISOControl(c) && c != '\n' && c != '\t');
  }

  private static String replaced(String text, IntPredicate hidden) {
    StringBuilder visible = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (hidden.test(c)) {
        visible.append("\\x%02x".formatted((int) c));
      } else {
        visible.append(c);
      }
    }
    return visible.toString();
  }
}
