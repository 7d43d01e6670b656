package dev.keg.cli.template.run;

/** A function refuses its arguments, with Go's reason. */
final class CallFailed extends Exception {
  private final String why;

  CallFailed(String why) {
    super(why);
    this.why = why;
  }

  String why() {
    return why;
  }
}
