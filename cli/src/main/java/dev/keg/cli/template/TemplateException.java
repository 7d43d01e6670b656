package dev.keg.cli.template;

/** A template that cannot be parsed, or that fails on its data, in Go's words. */
public abstract sealed class TemplateException extends RuntimeException {
  // Docker prefixes every error of a template with these words.
  private TemplateException(String message) {
    super("template parsing error: " + message);
  }

  /** The text is not a template. Docker's {@code inspect} exits with 64, its {@code ls} with 1. */
  public static final class Unparsable extends TemplateException {
    public Unparsable(String message) {
      super(message);
    }
  }

  /** The template does not fit the data. Docker exits with 1. */
  public static final class Failed extends TemplateException {
    public Failed(String message) {
      super(message);
    }
  }
}
