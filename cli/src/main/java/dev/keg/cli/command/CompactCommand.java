package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg compact}. */
@Command(
    name = "compact",
    customSynopsis = "keg compact VOLUME",
    header = "Release space that a volume does not need")
public final class CompactCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Override
  public void run() {
    Session session = keg.session();
    session.interruptibly(
        () ->
            session
                .streams()
                .out()
                .println("Total reclaimed space: " + session.sizes().compact(volume).human()));
  }
}
