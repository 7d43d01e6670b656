package dev.keg.driver;

import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.error.Suggestion;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The options of one volume, read by type. Every error names the volume and the option. */
public final class DriverOptions {
  private final VolumeName volume;
  private final Options options;

  private DriverOptions(VolumeName volume, Options options) {
    this.volume = volume;
    this.options = options;
  }

  /** Refuses keys that the descriptors do not list. */
  public static DriverOptions of(VolumeName volume, Options options, List<OptionDescriptor> known) {
    for (String key : options.map().keySet()) {
      if (known.isEmpty()) {
        throw new InvalidOption(volume.text(), "options are not supported on this platform");
      }
      if (known.stream().noneMatch(option -> option.describes(key))) {
        throw new InvalidOption(
            volume.text(), "invalid option: \"" + key + "\"", knownKeys(key, known));
      }
    }
    return new DriverOptions(volume, options);
  }

  private static String knownKeys(String wrong, List<OptionDescriptor> known) {
    String all = known.stream().map(OptionDescriptor::key).collect(Collectors.joining(", "));
    return Suggestion.before(
        "this driver takes " + all, wrong, known.stream().map(OptionDescriptor::key));
  }

  /** Refuses options without a value, which a new volume must not have. */
  DriverOptions requireValues(List<OptionDescriptor> known) {
    for (OptionDescriptor option : known) {
      if (has(option.key()) && text(option.key()).isEmpty() && !option.mayBeEmpty()) {
        throw new InvalidOption(
            volume.text(),
            "option \"%s\" has no value".formatted(option.key()),
            "-o %s=%s".formatted(option.key(), option.value()));
      }
    }
    return this;
  }

  public VolumeName volume() {
    return volume;
  }

  public Options options() {
    return options;
  }

  public boolean isEmpty() {
    return options.isEmpty();
  }

  public boolean has(String key) {
    return options.has(key);
  }

  /** The value; empty if the option is missing or has no text. */
  public Optional<String> text(String key) {
    return options.text(key);
  }

  public String require(String key) {
    return text(key)
        .orElseThrow(
            () -> new InvalidOption(volume.text(), "missing required option: \"" + key + "\""));
  }

  /** A size in powers of 1024, as docker reads {@code size=}. */
  public Optional<Size> size(String key) {
    try {
      return text(key).map(Size::parseBinary);
    } catch (InvalidSize e) {
      throw invalid(key, "a size such as 512m or 10g");
    }
  }

  /**
   * A switch: absent is false; a bare key, {@code true}, {@code 1}, {@code yes} and {@code on} are
   * true.
   */
  public boolean flag(String key) {
    if (!options.has(key)) {
      return false;
    }
    return switch (options.text(key).orElse("")) {
      case "", "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw invalid(key, "true or false");
    };
  }

  public OptionalLong number(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(text.get()));
    } catch (NumberFormatException e) {
      throw invalid(key, "a whole number");
    }
  }

  /** Permission bits in octal. */
  public OptionalInt mode(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!text.get().matches("[0-7]{1,5}") || Integer.parseInt(text.get(), 8) > 07777) {
      throw invalid(key, "an octal mode such as 0750");
    }
    return OptionalInt.of(Integer.parseInt(text.get(), 8));
  }

  public String choice(String key, String fallback, List<String> choices) {
    String value = text(key).orElse(fallback);
    if (!choices.contains(value)) {
      throw invalid(key, "one of " + String.join(", ", choices));
    }
    return value;
  }

  /** The error for a wrong value, for rules that only the driver knows. */
  public InvalidOption invalid(String key, String wanted) {
    return wrong(key, key + " requires " + wanted);
  }

  /** The error for an option that does not apply to this volume. */
  public InvalidOption misplaced(String key, String why) {
    return wrong(key, "leave out %s: %s".formatted(key, why));
  }

  private InvalidOption wrong(String key, String hint) {
    return new InvalidOption(
        volume.text(), "invalid %s: '%s'".formatted(key, options.text(key).orElse("")), hint);
  }
}
