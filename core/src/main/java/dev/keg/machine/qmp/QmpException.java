package dev.keg.machine.qmp;

import java.io.IOException;

/** A failed conversation with QEMU. */
final class QmpException extends IOException {
  private final Failure failure;

  /** Why it failed. */
  enum Failure {
    /** Nobody is listening: the machine is gone. */
    GONE,
    /** Somebody is listening but does not answer, or stopped halfway. */
    SILENT,
    /** QEMU refused a command. */
    REFUSED
  }

  QmpException(Failure failure, String message) {
    super(message);
    this.failure = failure;
  }

  Failure failure() {
    return failure;
  }

  boolean says(String words) {
    return failure == Failure.REFUSED && String.valueOf(getMessage()).contains(words);
  }
}
