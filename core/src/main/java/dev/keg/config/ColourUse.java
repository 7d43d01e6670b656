package dev.keg.config;

import dev.keg.error.InvalidInput.InvalidConfig;
import java.util.Arrays;
import java.util.Locale;

/** When messages and tables are coloured. */
public enum ColourUse {
  /** Where they go to a terminal that shows colours, and nobody asked for none. */
  AUTO,
  /** Also where they go to a file or a pager. */
  ALWAYS,
  NEVER;

  static ColourUse parse(String text) {
    return Arrays.stream(values())
        .filter(use -> use.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new InvalidConfig("'" + text + "' is not auto, always or never", null));
  }

  /** As it stands in the files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
