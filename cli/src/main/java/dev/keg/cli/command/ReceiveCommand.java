package dev.keg.cli.command;

import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.NativeBinary;
import dev.keg.cli.session.Session;
import dev.keg.moving.Receiving;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code keg __receive}: runs on the other host of {@code keg move}. */
@Command(name = Receiving.COMMAND, customSynopsis = "keg __receive")
public final class ReceiveCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Override
  public void run() {
    Session session = keg.session();
    NativeBinary.heedSignals();
    Interruption.run(() -> receive(session));
  }

  private static void receive(Session session) {
    try {
      new Receiving(session.backups()).serve(session.streams().in(), session.streams().out());
    } catch (IOException e) {
      throw new CommandFailure("the connection was lost: " + e.getMessage(), 1);
    }
  }
}
