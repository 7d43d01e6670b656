package dev.keg.cli.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Docker's question before something is removed: on standard output, and only {@code y} is a yes.
 * Interrupted there, the command ends as if it had been answered no.
 */
public final class Confirmation {
  private final Streams streams;

  private Confirmation(Streams streams) {
    this.streams = streams;
  }

  public static Confirmation of(Streams streams) {
    return new Confirmation(streams);
  }

  public boolean ask(String warning) {
    streams.out().print(warning + "Are you sure you want to continue? [y/N] ");
    streams.out().flush();
    Thread onInterrupt = new Thread(this::leave);
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    try {
      @Nullable String answer = streams.reader().readLine();
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
