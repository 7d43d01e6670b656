package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.Version;
import dev.keg.cli.session.WrongUse;
import dev.keg.engine.EngineErrors;
import dev.keg.engine.NomadVolumes;
import dev.keg.json.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg nomad}. */
@Command(name = "nomad", customSynopsis = "keg nomad [OPTIONS] fingerprint|create|delete")
public final class NomadCommand implements Runnable {
  private static final List<String> OPERATIONS = List.of("fingerprint", "create", "delete");

  @ParentCommand private Keg keg;

  @Parameters(index = "0", paramLabel = "OPERATION")
  private String operation;

  @Override
  public void run() {
    WrongUse.throwIf(
        !OPERATIONS.contains(operation), "OPERATION must be fingerprint, create or delete");
    Session session = keg.session();
    try {
      session.streams().out().print(answer(session).line());
    } catch (RuntimeException e) {
      // Nomad shows this; standard error goes to its log.
      session.streams().out().print(new JsonObject().put("error", EngineErrors.text(e)).line());
      throw e;
    }
  }

  private JsonObject answer(Session session) {
    if (operation.equals("fingerprint")) {
      return new JsonObject().put("version", Version.read().number());
    }
    NomadVolumes nomad =
        new NomadVolumes(
            session.drivers(), session.volumes(), session.dataAccess(), session.variables());
    if (operation.equals("create")) {
      return nomad.create();
    }
    nomad.delete();
    return new JsonObject();
  }
}
