package dev.keg.cli.template;

/** Go's {@code complex128}. */
public record Complex(double real, double imaginary) {
  boolean isZero() {
    return real == 0 && imaginary == 0;
  }

  /** Compares like Go: zeros are equal whatever their sign. */
  public boolean sameAs(Complex other) {
    return real == other.real && imaginary == other.imaginary;
  }
}
