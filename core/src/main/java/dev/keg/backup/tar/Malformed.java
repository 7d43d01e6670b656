package dev.keg.backup.tar;

/** A malformed part of an archive; the reader adds its position. */
final class Malformed extends Exception {
  private final String why;

  Malformed(String why) {
    super(why);
    this.why = why;
  }

  /** A value that a domain type refuses. */
  Malformed(String what, IllegalArgumentException objection) {
    super(what + objection.getMessage(), objection);
    this.why = what + objection.getMessage();
  }

  String why() {
    return why;
  }
}
