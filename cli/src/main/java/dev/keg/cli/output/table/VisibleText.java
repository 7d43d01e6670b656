package dev.keg.cli.output.table;

import java.util.function.IntPredicate;

/**
 * Text of somebody else's for a terminal: control characters, which would move the cursor or worse,
 * are shown as findmnt(8) shows them.
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
