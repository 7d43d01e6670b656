package dev.keg.windows.win32;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The answer of the Host Compute Service, from which Keg takes the reason of a failure:
 *
 * <pre>{"Error":-2147024809,"ErrorMessage":"The parameter is incorrect.",
 * "ErrorEvents":[{"Message":"'vm1' failed to add device …","Provider":"…"}]}</pre>
 */
final class HcsResult {
  private HcsResult() {}

  /** The first event, which names the device, or else the message of the error. */
  static Optional<String> reason(String document) {
    try {
      Map<String, Object> answer = JsonObject.parse(document.getBytes(StandardCharsets.UTF_8));
      Stream<Object> events =
          answer.get("ErrorEvents") instanceof List<?> list
              ? list.stream()
                  .filter(Map.class::isInstance)
                  .map(event -> ((Map<?, ?>) event).get("Message"))
              : Stream.empty();
      return Stream.concat(events, Stream.ofNullable(answer.get("ErrorMessage")))
          .filter(String.class::isInstance)
          .map(text -> text.toString().strip().replaceAll("\\s+", " "))
          .filter(text -> !text.isEmpty())
          .findFirst();
    } catch (InvalidDocument _) {
      return Optional.empty(); // The code of the error says what is known.
    }
  }
}
