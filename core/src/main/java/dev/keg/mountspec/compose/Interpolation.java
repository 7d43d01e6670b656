package dev.keg.mountspec.compose;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces variables in a text: {@code $NAME}, {@code ${NAME}}, {@code ${NAME-default}} if it is
 * unset, {@code ${NAME?message}} for an error if it is unset, {@code ${NAME+other}} if it is set;
 * with a colon, an empty value counts as unset; {@code $$} is a dollar sign.
 */
final class Interpolation {
  private static final int MAX_DEPTH = 32;

  private final Map<String, String> environment;
  private final Set<String> unset = new LinkedHashSet<>();

  Interpolation(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** The variables without a value, in the order of their first use. */
  List<String> unset() {
    return List.copyOf(unset);
  }

  /** The text with variables replaced by values; the path is its location in the file. */
  String apply(String text, String path) {
    return text.indexOf('$') < 0 ? text : new Template(text, path).replace(text, 0);
  }

  /** One text and its location. */
  private final class Template {
    private final String whole;
    private final String path;

    Template(String whole, String path) {
      this.whole = whole;
      this.path = path;
    }

    String replace(String text, int depth) {
      StringBuilder out = new StringBuilder();
      int at = 0;
      while (at < text.length()) {
        int dollar = text.indexOf('$', at);
        if (dollar < 0) {
          out.append(text, at, text.length());
          break;
        }
        out.append(text, at, dollar);
        at = variable(text, dollar + 1, depth, out);
      }
      return out.toString();
    }

    /** Appends the value of the variable and returns where the text continues. */
    private int variable(String text, int at, int depth, StringBuilder out) {
      if (text.startsWith("$", at)) {
        out.append('$');
        return at + 1;
      }
      if (text.startsWith("{", at)) {
        int close = closing(text, at + 1);
        out.append(braced(text.substring(at + 1, close), depth));
        return close + 1;
      }
      int end = endOfName(text, at);
      if (end == at) {
        throw invalid();
      }
      out.append(valueOrBlank(text.substring(at, end)));
      return end;
    }

    private int closing(String text, int from) {
      int open = 1;
      for (int i = from; i < text.length(); i++) {
        if (text.startsWith("${", i)) {
          open++;
        } else if (text.charAt(i) == '}' && --open == 0) {
          return i;
        }
      }
      throw invalid();
    }

    private String braced(String inner, int depth) {
      int end = endOfName(inner, 0);
      if (end == 0 || depth > MAX_DEPTH) {
        throw invalid();
      }
      String name = inner.substring(0, end);
      if (end == inner.length()) {
        return valueOrBlank(name);
      }
      boolean colon = inner.charAt(end) == ':';
      int operator = colon ? end + 1 : end;
      if (operator == inner.length()) {
        throw invalid();
      }
      String word = inner.substring(operator + 1);
      String value = environment.get(name);
      boolean isSet = value != null && !(colon && value.isEmpty());
      return switch (inner.charAt(operator)) {
        case '-' -> isSet ? or(value) : replace(word, depth + 1);
        case '+' -> isSet ? replace(word, depth + 1) : "";
        case '?' -> {
          if (!isSet) {
            throw missing(name, replace(word, depth + 1));
          }
          yield or(value);
        }
        default -> throw invalid();
      };
    }

    private static String or(@Nullable String value) {
      return value == null ? "" : value;
    }

    private String valueOrBlank(String name) {
      String value = environment.get(name);
      if (value == null) {
        unset.add(name);
        return "";
      }
      return value;
    }

    private InvalidSpec invalid() {
      return new InvalidSpec(
          "invalid interpolation format for %s.\nYou may need to escape any $ with another $.\n%s"
              .formatted(path, whole));
    }

    private InvalidSpec missing(String name, String message) {
      return new InvalidSpec(
          "error while interpolating %s: required variable %s is missing a value%s"
              .formatted(path, name, message.isEmpty() ? "" : ": " + message));
    }
  }

  private static int endOfName(String text, int from) {
    int end = from;
    while (end < text.length() && isNameCharacter(text.charAt(end), end == from)) {
      end++;
    }
    return end;
  }

  private static boolean isNameCharacter(char c, boolean first) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!first && c >= '0' && c <= '9');
  }
}
