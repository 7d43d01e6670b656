package dev.keg.cli.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Docker's question before a removal: on standard output, and only {@code y} means yes. If it is
 * interrupted there, the command ends as after no.
 */
public final class Confirmation {
  private final Streams streams;

  private final String flag;

  private Confirmation(Streams streams, String flag) {
    this.streams = streams;
    this.flag = flag;
  }

  /** With the flag that answers yes, which is named if nobody answers. */
  public static Confirmation of(Streams streams, String flag) {
    return new Confirmation(streams, flag);
  }

  public boolean ask(String warning) {
    WrongUse.throwIf(streams.forPrograms(), "--json does not prompt: give " + flag);
    streams.out().print(warning + "Are you sure you want to continue? [y/N] ");
    streams.out().flush();
    Thread onInterrupt = new Thread(this::leave);
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    try {
      @Nullable String answer = streams.reader().readLine();
      if (answer == null) {
        streams.out().println();
        streams.out().flush();
        streams.err().println("Hint: " + flag + " answers yes without asking");
      }
      return answer != null && answer.strip().equalsIgnoreCase("y");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the answer", e);
    } finally {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    }
  }

  private void leave() {
    streams.out().println();
    streams.out().flush();
    Runtime.getRuntime().halt(0);
  }
}
