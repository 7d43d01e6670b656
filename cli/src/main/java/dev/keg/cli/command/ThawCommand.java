package dev.keg.cli.command;

import dev.keg.cli.program.GuestGuard;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Streams;
import dev.keg.machine.qmp.GuestAgent;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg __thaw SOCKET}: runs alongside {@code backup --quiesce}. */
@Command(name = GuestGuard.COMMAND, customSynopsis = "keg __thaw SOCKET")
public final class ThawCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Parameters(paramLabel = "SOCKET")
  private Path socket;

  @Override
  public void run() {
    Streams streams = keg.session().streams();
    try {
      if (GuestGuard.isLeft(streams.in(), () -> ready(streams))) {
        new GuestAgent(socket).thaw();
      }
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), 1);
    }
  }

  private static void ready(Streams streams) {
    streams.out().println("ready");
    streams.out().flush();
  }
}
