package dev.keg.cli.session;

/** A command that cannot go on, with the words and the exit status that docker has for it. */
public final class CommandFailure extends RuntimeException {
  private final int status;

  public CommandFailure(String message, int status) {
    super(message);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
