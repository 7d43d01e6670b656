package dev.keg.error;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A driver that is missing, refuses or fails. */
public abstract sealed class DriverException extends VolumeException {
  private DriverException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }

  private DriverException(String message, @Nullable String hint) {
    this(message, hint, null);
  }

  private DriverException(String message) {
    this(message, null, null);
  }

  /** No driver and no plugin of that name. */
  public static final class UnknownDriver extends DriverException {
    /** Suggests those of the known names that may have been meant. */
    public UnknownDriver(String operation, String volume, String driver, Stream<String> known) {
      super(
          "%s %s: error looking up volume plugin %s: plugin \"%s\" not found"
              .formatted(operation, volume, driver, driver),
          Suggestion.before(
              "`keg drivers` lists the drivers and why one is unavailable", driver, known));
    }
  }

  /** The driver exists but cannot work on this machine. */
  public static final class DriverUnavailable extends DriverException {
    public DriverUnavailable(String operation, String volume, String driver, String why) {
      super(
          "%s %s: driver '%s' is not available here: %s".formatted(operation, volume, driver, why));
    }
  }

  /** The driver tried and failed. */
  public static final class DriverFailed extends DriverException {
    public DriverFailed(String operation, String volume, String why) {
      this(operation, volume, why, null, null);
    }

    public DriverFailed(
        String operation,
        String volume,
        String why,
        @Nullable String hint,
        @Nullable Throwable cause) {
      super(operation + " " + volume + ": " + why, hint, cause);
    }
  }

  /** The operation is not for this kind of volume. */
  public static final class NotSupported extends DriverException {
    public NotSupported(String operation, String name, String why) {
      super(operation + " " + name + ": " + why);
    }
  }
}
