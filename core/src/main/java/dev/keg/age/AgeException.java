package dev.keg.age;

import java.io.IOException;

/** The reason why an age file or a key cannot be read; the message contains no secret. */
public final class AgeException extends IOException {
  private final Reason reason;

  /** The cases that a caller may distinguish. */
  public enum Reason {
    /** It is not an age file, or its header breaks the rules. */
    HEADER,
    /** None of the keys opens it. */
    NO_MATCH,
    /** A key opens it, but its header was changed. */
    MAC,
    /** The content was changed, or its end is missing. */
    PAYLOAD
  }

  AgeException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static AgeException header(String message) {
    return new AgeException(Reason.HEADER, message);
  }

  static AgeException payload(String message) {
    return new AgeException(Reason.PAYLOAD, message);
  }

  public Reason reason() {
    return reason;
  }
}
