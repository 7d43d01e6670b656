package dev.keg.driver;

import java.util.List;

/**
 * One option of a driver: for {@code keg drivers}, completion and error messages.
 *
 * @param value what stands after the equals sign, in words: {@code SIZE}, {@code ext4|xfs}
 * @param secret whether the value is masked wherever it is shown
 */
public record OptionDescriptor(String key, String value, String summary, boolean secret) {
  public OptionDescriptor(String key, String value, String summary) {
    this(key, value, summary, false);
  }

  /** The values, where the option is a choice among words. */
  public List<String> choices() {
    return value.contains("|") ? List.of(value.split("\\|")) : List.of();
  }
}
