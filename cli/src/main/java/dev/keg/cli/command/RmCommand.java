package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.lifecycle.Removal;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg rm}. */
@Command(
    name = "rm",
    customSynopsis = "keg rm [OPTIONS] VOLUME [VOLUME...]",
    header = "Remove one or more volumes. You cannot remove a volume that is in use")
public final class RmCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Option(
      names = {"-f", "--force"},
      description = "Force the removal of one or more volumes; a volume in use is never removed")
  private boolean force;

  @Option(names = "--delete-data", description = "Also delete adopted files and directories")
  private boolean deleteData;

  @Parameters(arity = "1..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    PartialFailure.forEach(
        names,
        name -> {
          session
              .volumes()
              .remove(
                  name,
                  force ? Removal.Mode.FORCE : Removal.Mode.NORMAL,
                  deleteData ? Removal.Adopted.DELETE : Removal.Adopted.KEEP);
          session.streams().out().println(name);
        });
  }
}
