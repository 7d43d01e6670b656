package dev.keg.backup.store;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a store's operation. The cases are those that a caller may treat differently; the
 * message names the store, the operation and the reason, and contains no secret.
 */
public abstract sealed class StoreException extends IOException {
  private final @Nullable String hint;

  private StoreException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** The failure in a stream of a store, which only throws this type. */
  public static StoreException of(IOException failure) {
    if (failure instanceof StoreException own) {
      return own;
    }
    throw new IllegalStateException("a store fails in its own words only", failure);
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return false;
  }

  /** What the operator can do, if anything. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  /** There is no such object. */
  public static final class Absent extends StoreException {
    public Absent(String store, ObjectName name) {
      super(store + ": no such object: " + name, null, null);
    }
  }

  /** The name is taken; the existing object was not touched. */
  public static final class AlreadyExists extends StoreException {
    public AlreadyExists(String store, ObjectName name) {
      super(store + ": object exists already: " + name, null, null);
    }
  }

  /** The object exists, but the disk cannot read its bytes. */
  public static final class Unreadable extends StoreException {
    public Unreadable(String store, ObjectName name, @Nullable Throwable cause) {
      super(store + ": read " + name + ": Input/output error", null, cause);
    }
  }

  /** The object exists, but is not what was written under its name. */
  public static final class Forged extends StoreException {
    private final ObjectName object;
    private final String why;

    public Forged(String store, ObjectName name, String why, @Nullable Throwable cause) {
      super(store + ": " + name + ": " + why, null, cause);
      this.object = name;
      this.why = why;
    }

    public ObjectName object() {
      return object;
    }

    public String why() {
      return why;
    }
  }

  /** Nobody can delete the object yet: the store's lock keeps it. */
  public static final class Kept extends StoreException {
    private final Instant until;

    public Kept(String store, ObjectName name, Instant until) {
      super(
          store + ": delete " + name + ": the store's lock keeps it until " + until,
          "try again after that time",
          null);
      this.until = until;
    }

    public Instant until() {
      return until;
    }
  }

  /** Nobody answers, or the answer asks to try later. */
  public static final class Unavailable extends StoreException {
    private final @Nullable Duration retryAfter;

    public Unavailable(String store, String operation, String why, @Nullable Throwable cause) {
      this(store, operation, why, null, cause);
    }

    public Unavailable(
        String store,
        String operation,
        String why,
        @Nullable Duration retryAfter,
        @Nullable Throwable cause) {
      super(store + ": " + operation + ": " + why, null, cause);
      this.retryAfter = retryAfter;
    }

    @Override
    public boolean retryable() {
      return true;
    }

    /** How long the store asks clients to wait. */
    public Optional<Duration> retryAfter() {
      return Optional.ofNullable(retryAfter);
    }
  }

  /**
   * The store refuses the request, or the connection is misconfigured; a retry would fail as well.
   */
  public static final class Failed extends StoreException {
    public Failed(String store, String operation, String why, @Nullable String hint) {
      this(store, operation, why, hint, null);
    }

    public Failed(
        String store,
        String operation,
        String why,
        @Nullable String hint,
        @Nullable Throwable cause) {
      super(store + ": " + operation + ": " + why, hint, cause);
    }
  }
}
