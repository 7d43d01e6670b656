package dev.keg.driver.local;

import dev.keg.driver.DriverOptions;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Docker's rules for the options of a local volume, in docker's order. */
final class LocalOptions {
  private static final List<String> OWNERSHIP = List.of("uid", "gid", "mode");

  private static final String NO_QUOTA = "quota size requested but no quota support";

  private LocalOptions() {}

  /** Whether the options describe a mount; without one the volume is a plain directory. */
  static boolean describeMount(Options options) {
    return options.text("type").isPresent() || options.text("device").isPresent();
  }

  /** In docker's order: the address, the size, then options that require each other. */
  static void validate(DriverOptions options, BooleanSupplier quotas) {
    if (options.text("type").orElse("").equals("cifs")) {
      options.text("device").ifPresent(device -> refusePort(options, device));
    }
    if (size(options).bytes() > 0 && describeMount(options.options())) {
      throw new InvalidOption(
          options.volume().text(),
          NO_QUOTA,
          "the size of a mount is one of its own options: -o o=size="
              + options.text("size").orElse(""));
    }
    if (size(options).bytes() > 0 && !quotas.getAsBoolean()) {
      throw noQuota(options.volume().text());
    }
    requireTogether(options);
    validateOwnership(options);
  }

  static Size size(DriverOptions options) {
    if (!options.has("size")) {
      return Size.ZERO;
    }
    try {
      return Size.parseBinary(options.text("size").orElse(""));
    } catch (InvalidSize e) {
      throw complaint(options, e.getMessage());
    }
  }

  static InvalidOption noQuota(String volume) {
    return new InvalidOption(
        volume,
        NO_QUOTA,
        "a limit requires XFS mounted with prjquota; the loop and tmpfs drivers support sizes on"
            + " any host");
  }

  private static void refusePort(DriverOptions options, String device) {
    try {
      if (!CifsDevice.parse(device).port().isEmpty()) {
        throw complaint(options, "port not allowed in CIFS device URL, include 'port' in 'o='");
      }
    } catch (CifsDevice.Malformed e) {
      throw complaint(options, "error parsing mount device url: " + e.getMessage());
    }
  }

  // Docker requires the keys but accepts empty values.
  private static void requireTogether(DriverOptions options) {
    if ((options.has("type") || options.has("o")) && !options.has("device")) {
      throw missing(options, "device");
    }
    if ((options.has("device") || options.has("o")) && !options.has("type")) {
      throw missing(options, "type");
    }
  }

  private static void validateOwnership(DriverOptions options) {
    Ownerships.of(options);
    for (String key : OWNERSHIP) {
      if (options.has(key) && describeMount(options.options())) {
        throw new InvalidOption(
            options.volume().text(),
            "option \"" + key + "\" is for plain volumes, but this one is a mount",
            "if the file system supports " + key + "=, give it in o=");
      }
    }
  }

  private static InvalidOption missing(DriverOptions options, String key) {
    return complaint(options, "missing required option: \"" + key + "\"");
  }

  private static InvalidOption complaint(DriverOptions options, @Nullable String why) {
    return new InvalidOption(options.volume().text(), String.valueOf(why));
  }
}
