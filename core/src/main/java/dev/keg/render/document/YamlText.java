package dev.keg.render.document;

import java.util.regex.Pattern;

/** Strings as YAML scalars that every reader reads as strings. */
final class YamlText {
  // Begins with a letter or slash, so it is never a number, a date or an indicator.
  private static final Pattern PLAIN = Pattern.compile("[a-zA-Z/][a-zA-Z0-9/_.=-]*");
  private static final Pattern WORD = Pattern.compile("(?i)true|false|yes|no|on|off|null|y|n");

  private YamlText() {}

  /** Unquoted if that is safe in every version of YAML, otherwise in double quotes. */
  static String scalar(String text) {
    return PLAIN.matcher(text).matches() && !WORD.matcher(text).matches() ? text : quoted(text);
  }

  /** In double quotes, where a backslash begins an escape. */
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
