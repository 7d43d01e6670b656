package dev.keg.tuning;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.VolumeName;
import org.jspecify.annotations.Nullable;

/** A setting that cannot be made, and why. */
public final class Untunable extends Exception {
  private final String why;
  private final @Nullable String hint;

  public Untunable(String why, @Nullable String hint) {
    this(why, hint, null);
  }

  public Untunable(String why, @Nullable String hint, @Nullable Throwable cause) {
    super(why, cause);
    this.why = why;
    this.hint = hint;
  }

  public String why() {
    return why;
  }

  /** The failure of a command on the volume. */
  DriverFailed failed(String operation, VolumeName volume) {
    DriverFailed failure = new DriverFailed(operation, volume.text(), why, hint, this);
    for (Throwable undoing : getSuppressed()) {
      failure.addSuppressed(undoing);
    }
    return failure;
  }
}
