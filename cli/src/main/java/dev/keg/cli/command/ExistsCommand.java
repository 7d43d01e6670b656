package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg exists}, compatible with podman's: only the exit status answers. */
@Command(name = "exists", customSynopsis = "keg exists VOLUME")
public final class ExistsCommand implements Callable<Integer> {
  @ParentCommand private Keg keg;

  @Parameters(arity = "1", paramLabel = "VOLUME")
  private String volume;

  @Override
  public Integer call() {
    return keg.session().volumes().exists(volume) ? 0 : 1;
  }
}
