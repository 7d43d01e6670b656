package dev.keg.cli.template.parse;

/** A number or a quoted string that Go would not accept, with Go's reason. */
final class MalformedLiteral extends Exception {
  private final String why;

  MalformedLiteral(String why) {
    super(why);
    this.why = why;
  }

  String why() {
    return why;
  }
}
