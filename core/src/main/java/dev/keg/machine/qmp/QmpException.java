package dev.keg.machine.qmp;

import java.io.IOException;

/** A failed conversation with QEMU. */
final class QmpException extends IOException {
  private final Kind kind;

  /** Why it failed. */
  enum Kind {
    /** Nobody is listening: the machine is gone. */
    GONE,
    /** Somebody is listening but does not answer, or stopped halfway. */
    SILENT,
    /** QEMU refused a command. */
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
