package dev.keg.cli.template.run;

/** The Go type of a function's parameter, which determines the valid arguments and the messages. */
enum Parameter {
  STRING("string"),
  INT("int"),
  STRINGS("[]string"),
  /** Accepts anything; nil becomes no value. */
  ANY("interface {}"),
  /** Accepts anything unchanged, including its box. */
  VALUE("reflect.Value");

  private final String type;

  Parameter(String type) {
    this.type = type;
  }

  boolean takesNil() {
    return this != STRING && this != INT;
  }

  @Override
  public String toString() {
    return type;
  }
}
