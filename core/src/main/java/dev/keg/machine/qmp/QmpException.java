package dev.keg.machine.qmp;

import java.io.IOException;

/** What became of a conversation with QEMU that failed. */
final class QmpException extends IOException {
  private final Kind kind;

  /** Why it failed. */
  enum Kind {
    /** Nobody listens there: there is no such machine any more. */
    GONE,
    /** Somebody listens there who does not answer, or stopped in the middle. */
    SILENT,
    /** QEMU refused a command; all else is well. */
    REFUSED
  }

  QmpException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  boolean says(String words) {
    return kind == Kind.REFUSED && String.valueOf(getMessage()).contains(words);
  }
}
