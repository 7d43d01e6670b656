package dev.keg.mountspec.compose;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code .env} beside a compose file:
 *
 * <pre>
 * # comment
 * DATA=/srv/data            # and another
 * export NAME="with ${DATA} and \n"
 * LITERAL='$DATA'
 * </pre>
 */
public final class EnvFile {
  private final String file;
  private final Map<String, String> environment;
  private final Map<String, String> values = new LinkedHashMap<>();

  private EnvFile(String file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /** The environment with the variables of the file; existing variables take precedence. */
  public static Map<String, String> extend(
      Map<String, String> environment, String file, String text) {
    EnvFile reader = new EnvFile(file, environment);
    int number = 0;
    for (String line : text.split("\\R", -1)) {
      reader.read(line.strip(), ++number);
    }
    Map<String, String> all = new LinkedHashMap<>(reader.values);
    all.putAll(environment);
    return all;
  }

  private void read(String line, int number) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    String assignment = line.startsWith("export ") ? line.substring(7).strip() : line;
    int equals = assignment.indexOf('=');
    String name = equals < 0 ? assignment : assignment.substring(0, equals).strip();
    if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
      throw invalid(number, "unexpected character in variable name \"" + name + "\"");
    }
    if (equals >= 0) {
      values.put(name, value(assignment.substring(equals + 1).strip(), number));
    }
  }

  private String value(String text, int number) {
    if (text.startsWith("'")) {
      return quoted(text, '\'', number);
    }
    if (text.startsWith("\"")) {
      return interpolated(escaped(quoted(text, '"', number)), number);
    }
    int comment = text.startsWith("#") ? 0 : text.indexOf(" #");
    return interpolated(comment < 0 ? text : text.substring(0, comment).strip(), number);
  }

  private String quoted(String text, char quote, int number) {
    int end = 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += text.charAt(end) == '\\' && quote == '"' ? 2 : 1;
    }
    if (end >= text.length()) {
      throw invalid(number, "unterminated quoted value " + text);
    }
    return text.substring(1, end);
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        out.append(c);
        continue;
      }
      switch (text.charAt(++i)) {
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case '$' -> out.append("$$");
        case '"' -> out.append('"');
        case '\\' -> out.append('\\');
        default -> out.append('\\').append(text.charAt(i));
      }
    }
    return out.toString();
  }

  private String interpolated(String text, int number) {
    Map<String, String> known = new LinkedHashMap<>(values);
    known.putAll(environment);
    return new Interpolation(known).apply(text, file + " line " + number);
  }

  private InvalidSpec invalid(int number, String why) {
    return new InvalidSpec("failed to read " + file + ": line " + number + ": " + why);
  }
}
