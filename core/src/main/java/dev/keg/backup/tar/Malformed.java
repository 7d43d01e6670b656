package dev.keg.backup.tar;

/** A part of an archive that is not what it should be; the reader adds where that was. */
final class Malformed extends Exception {
  private final String why;

  Malformed(String why) {
    super(why);
    this.why = why;
  }

  /** A value that a domain type does not take. */
  Malformed(String what, IllegalArgumentException objection) {
    super(what + objection.getMessage(), objection);
    this.why = what + objection.getMessage();
  }

  String why() {
    return why;
  }
}
