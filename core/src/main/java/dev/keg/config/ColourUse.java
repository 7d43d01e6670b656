package dev.keg.config;

import dev.keg.error.InvalidInput.InvalidConfig;
import java.util.Arrays;
import java.util.Locale;

/** When to colour messages and tables. */
public enum ColourUse {
  /** Only on a terminal that supports colours, unless colours are turned off. */
  AUTO,
  /** Even in a file or a pager. */
  ALWAYS,
  NEVER;

  static ColourUse parse(String text) {
    return Arrays.stream(values())
        .filter(use -> use.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new InvalidConfig("'" + text + "' is not auto, always or never", null));
  }

  /** Its text in configuration files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
