package dev.keg.cli.page;

import dev.keg.cli.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A self-contained page: the browser runs the one script and applies the one style that the policy
 * names by their hashes, and loads nothing. The data is JSON inside the page, in which nothing can
 * end the element that contains it.
 */
public final class ReportPage {
  private static final String POLICY =
      "default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'";

  private ReportPage() {}

  /** The page with this data. */
  public static String of(Map<String, @Nullable Object> data) {
    String template = template();
    String policy =
        POLICY.formatted(
            hash(between(template, "<script>", "</script>")),
            hash(between(template, "<style>", "</style>")));
    // The data comes last: it may contain the text of a placeholder.
    return template.replace("@POLICY@", policy).replace("@DATA@", Json.compact(data));
  }

  private static String template() {
    try (InputStream in = ReportPage.class.getResourceAsStream("report.html")) {
      if (in == null) {
        throw new IllegalStateException("this build has no report.html");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
