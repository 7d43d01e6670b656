package dev.keg.windows.driver;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.volume.Options;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Several options in one, as in {@code -o size=1G,fs=ntfs,persistent=true}. A comma separates only
 * before a known option, so that paths may contain commas.
 */
public final class OptionString {
  private OptionString() {}

  /** Splits options that were given in one. */
  public static DriverOptions spread(DriverOptions options, List<OptionDescriptor> known) {
    String keys = known.stream().map(OptionDescriptor::key).collect(Collectors.joining("|"));
    SortedMap<String, String> spread = new TreeMap<>();
    options
        .options()
        .map()
        .forEach(
            (key, value) -> {
              String[] parts = value.split(",(?=(?:" + keys + ")=)", -1);
              put(options, spread, key, parts[0]);
              for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                put(options, spread, parts[i].substring(0, equals), parts[i].substring(equals + 1));
              }
            });
    return DriverOptions.of(options.volume(), new Options(spread), known);
  }

  private static void put(
      DriverOptions options, SortedMap<String, String> spread, String key, String value) {
    String before = spread.putIfAbsent(key, value);
    if (before != null && !before.equals(value)) {
      throw options.invalid(key, "one value, not '%s' and '%s'".formatted(before, value));
    }
  }
}
