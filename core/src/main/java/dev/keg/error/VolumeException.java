package dev.keg.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Errors of volumes; the cases are grouped by area. A case's constructors take facts and write the
 * sentence, in docker's words if docker has some. The message says what failed, on which volume and
 * why; {@link #hint()} says what to do about it.
 */
public abstract sealed class VolumeException extends RuntimeException
    permits BackupException,
        DriverException,
        HolderException,
        InvalidInput,
        MoveException,
        PoolException,
        RegistryException,
        SnapshotException {
  private final @Nullable String hint;

  VolumeException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** What the operator can do about it, if anything. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }
}
