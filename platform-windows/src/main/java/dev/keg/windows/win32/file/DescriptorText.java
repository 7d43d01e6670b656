package dev.keg.windows.win32.file;

import java.util.regex.Pattern;

/**
 * A security descriptor in the security descriptor definition language: owner, group, the access
 * control list, and the list of audited accesses.
 *
 * <pre>O:BAG:SYD:AI(A;ID;FA;;;SY)S:AI(AU;IDSA;FA;;;WD)</pre>
 */
public record DescriptorText(String text) {
  private static final Pattern INHERITED = Pattern.compile("(?<=[DS]:)(P?)(?:AR)?AI");

  /** Whether it defines audited accesses. */
  public boolean audits() {
    return auditsAt() < text.length();
  }

  /** The text for setting it: the mark of an inherited list is only preserved on request (AR). */
  String requestingInheritance() {
    int at = auditsAt();
    return requesting(text.substring(0, at)) + requesting(text.substring(at));
  }

  private static String requesting(String part) {
    int entries = part.indexOf('(');
    int flags = entries < 0 ? part.length() : entries;
    return INHERITED.matcher(part.substring(0, flags)).replaceFirst("$1ARAI")
        + part.substring(flags);
  }

  // An entry may have a condition that contains texts.
  private int auditsAt() {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '"' -> quoted = !quoted;
        case '(' -> depth += quoted ? 0 : 1;
        case ')' -> depth -= quoted ? 0 : 1;
        case 'S' -> {
          if (depth == 0 && !quoted && text.startsWith("S:", i)) {
            return i;
          }
        }
        default -> {}
      }
    }
    return text.length();
  }
}
