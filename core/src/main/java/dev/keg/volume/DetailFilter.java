package dev.keg.volume;

import dev.keg.volume.VolumeFilter.Facts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The filters for facts that docker does not have. Values of one key are alternatives. */
final class DetailFilter {
  private static final Map<String, BiPredicate<Facts, String>> BY_VALUE =
      Map.of(
          "description",
          (facts, text) -> lower(details(facts).description()).contains(lower(text)),
          "holder",
          (facts, name) -> facts.holderNames().contains(name),
          "host",
          (facts, host) -> details(facts).host().isCalled(host),
          "id",
          (facts, prefix) -> details(facts).id().text().startsWith(lower(prefix)),
          "path",
          (facts, path) -> isAt(facts.path(), path),
          "pool",
          (facts, pool) -> facts.pool().equals(pool),
          "type",
          (facts, type) -> facts.types().contains(type));

  private DetailFilter() {}

  static List<Predicate<Facts>> of(FilterArguments arguments, Clock clock) {
    List<Predicate<Facts>> tests = new ArrayList<>();
    BY_VALUE.forEach(
        (key, test) -> {
          Set<String> values = arguments.of(key);
          if (!values.isEmpty()) {
            tests.add(facts -> values.stream().anyMatch(value -> test.test(facts, value)));
          }
        });
    if (arguments.has("protected")) {
      boolean wanted = arguments.truth("protected", VolumeFilter.WORDS);
      Instant now = clock.instant();
      tests.add(facts -> details(facts).protection().holdsAt(now) == wanted);
    }
    return tests;
  }

  private static VolumeDetails details(Facts facts) {
    return facts.volume().details();
  }

  /** Whether the volume is at the path or below it. */
  private static boolean isAt(Path place, String text) {
    return place.startsWith(place.getFileSystem().getPath(text));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
