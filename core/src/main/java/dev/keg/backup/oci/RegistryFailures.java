package dev.keg.backup.oci;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates error answers into words, and into exceptions for the code that repeats requests. */
final class RegistryFailures {
  private static final Set<Integer> TEMPORARY = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final int LONGEST = 200;

  private RegistryFailures() {}

  /**
   * The code and message of an error:
   *
   * <pre>{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known","detail":{}}]}
   * </pre>
   */
  private record Reason(String code, String message) {
    static final Reason NONE = new Reason("", "");

    static Reason of(byte[] body) {
      try {
        if (JsonObject.parse(body).get("errors") instanceof List<?> errors
            && !errors.isEmpty()
            && errors.getFirst() instanceof Map<?, ?> error) {
          return new Reason(text(error.get("code")), text(error.get("message")));
        }
      } catch (InvalidDocument _) {
        // From a proxy, or an answer to HEAD.
      }
      return NONE;
    }

    private static String text(@Nullable Object value) {
      String text = value == null ? "" : value.toString().replaceAll("\\p{Cntrl}", " ");
      return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
  }

  static StoreException of(
      ImageReference image, String operation, HttpResponse<?> answer, byte[] body) {
    return of(image, operation, answer, body, null);
  }

  /** The same for a request of what a tag or a digest names. */
  static StoreException ofReading(
      ImageReference image, String operation, HttpResponse<?> answer, byte[] body) {
    return of(
        image,
        operation,
        answer,
        body,
        "`keg pull --list %s` lists the existing tags".formatted(image.place()));
  }

  private static StoreException of(
      ImageReference image,
      String operation,
      HttpResponse<?> answer,
      byte[] body,
      @Nullable String missing) {
    int status = answer.statusCode();
    Reason reason = Reason.of(body);
    String why =
        reason.equals(Reason.NONE)
            ? "the registry answers " + status
            : "the registry answers %d %s: %s".formatted(status, reason.code(), reason.message());
    String later = answer.headers().firstValue("retry-after").orElse("");
    return TEMPORARY.contains(status)
        ? new StoreException.Unavailable(
            image.place(), operation, why, Backoff.retryAfter(later), null)
        : new StoreException.Failed(image.place(), operation, why, hint(image, status, missing));
  }

  private static @Nullable String hint(ImageReference image, int status, @Nullable String missing) {
    if (status == 401 || status == 403) {
      return "log in as a user who may do this: docker login %s".formatted(image.host());
    }
    return status == 404 ? missing : null;
  }
}
