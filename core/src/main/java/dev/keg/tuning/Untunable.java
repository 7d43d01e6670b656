package dev.keg.tuning;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.VolumeName;
import org.jspecify.annotations.Nullable;

/** A setting that cannot be changed, and why. */
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

  /** The failure of a mount that cannot have the stored settings. */
  DriverFailed unmountable(VolumeName volume) {
    String without =
        "`keg tune --reset %s` lets it be mounted without its settings".formatted(volume);
    return failed("mount", volume, hint == null ? without : hint + "; " + without);
  }

  /** The failure of a command on the volume. */
  DriverFailed failed(String operation, VolumeName volume) {
    return failed(operation, volume, hint);
  }

  private DriverFailed failed(String operation, VolumeName volume, @Nullable String remedy) {
    DriverFailed failure = new DriverFailed(operation, volume.text(), why, remedy, this);
    for (Throwable undoing : getSuppressed()) {
      failure.addSuppressed(undoing);
    }
    return failure;
  }
}
