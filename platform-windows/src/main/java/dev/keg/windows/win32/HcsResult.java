package dev.keg.windows.win32;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The document with which the Host Compute Service answers, as far as it gives the reason of a
 * failure:
 *
 * <pre>{"Error":-2147024809,"ErrorMessage":"The parameter is incorrect.",
 * "ErrorEvents":[{"Message":"'vm1' failed to add device …","Provider":"…"}]}</pre>
 */
final class HcsResult {
  private static final String TEXT = "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"";
  private static final Pattern EVENT = Pattern.compile("\"Message" + TEXT);
  private static final Pattern ERROR = Pattern.compile("\"ErrorMessage" + TEXT);
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|.)");

  private HcsResult() {}

  /** The first event, which names the device, or else the message of the error. */
  static Optional<String> reason(String document) {
    return first(EVENT, document).or(() -> first(ERROR, document));
  }

  private static Optional<String> first(Pattern pattern, String document) {
    return pattern
        .matcher(document)
        .results()
        .map(found -> ESCAPE.matcher(found.group(1)).replaceAll(HcsResult::unescaped))
        .map(text -> text.strip().replaceAll("\\s+", " "))
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  private static String unescaped(MatchResult escape) {
    if (escape.group(2) != null) {
      return Matcher.quoteReplacement(
          Character.toString((char) Integer.parseInt(escape.group(2), 16)));
    }
    String one = escape.group(1);
    return "bfnrt".contains(one) ? " " : Matcher.quoteReplacement(one);
  }
}
