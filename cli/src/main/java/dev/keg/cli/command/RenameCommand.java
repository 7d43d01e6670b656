package dev.keg.cli.command;

import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg rename}, compatible with podman's: for a named volume that nobody uses. */
@Command(name = "rename", customSynopsis = "keg rename VOLUME NEW_NAME")
public final class RenameCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Parameters(index = "1", paramLabel = "NEW_NAME")
  private String newName;

  @Override
  public void run() {
    Session session = keg.session();
    session.volumes().rename(volume, newName);
    results.print(
        session,
        Result.silent().with("Volume", newName).with("From", volume).with("Renamed", true));
  }
}
