package dev.keg.cli.template.run;

/**
 * The Go type of a function's parameter, which decides what may be passed and what messages say.
 */
enum Parameter {
  STRING("string"),
  INT("int"),
  STRINGS("[]string"),
  /** Takes anything; nil arrives as no value. */
  ANY("interface {}"),
  /** Takes anything as it is, in its box if it has one. */
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
