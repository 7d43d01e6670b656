package dev.keg.cli.session;

/** A command that cannot continue, with docker's words and exit status. */
public final class CommandFailure extends RuntimeException {
  private static final int INCOMPLETE = 3;
  private static final int WRONG_FLAGS = 125;

  private final int status;

  public CommandFailure(String message, int status) {
    super(message);
    this.status = status;
  }

  /** The request was carried out, but not exactly; warnings have named the differences. */
  public static CommandFailure withDifferences(String done) {
    return new CommandFailure("Warning: " + done + " with differences, listed above", INCOMPLETE);
  }

  /**
   * Refuses to write to a terminal what only a program can read.
   *
   * @param otherwise the alternative to redirection, such as {@code " or the --output flag"}
   */
  public static void throwIfTerminal(Session session, String otherwise) {
    if (session.terminal().isOutput()) {
      throw new CommandFailure(
          "Error: cannot write to terminal, use command-line redirection" + otherwise, WRONG_FLAGS);
    }
  }

  public int status() {
    return status;
  }
}
