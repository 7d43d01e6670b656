package dev.keg.cli.command;

import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.NativeBinary;
import dev.keg.cli.session.Session;
import dev.keg.engine.PluginConnection;
import dev.keg.engine.VolumePlugin;
import dev.keg.volumeset.EngineAccess;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code keg plugin}. */
@Command(name = "plugin", customSynopsis = "keg plugin [OPTIONS]")
public final class PluginCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Override
  public void run() {
    Session session = keg.session();
    if (session.terminal().isInput()) {
      throw new CommandFailure(
          "Error: standard input is a terminal, where no engine sends requests\n"
              + "Hint: `systemctl enable --now keg-plugin.socket` lets systemd start this for"
              + " engines",
          1);
    }
    NativeBinary.heedSignals();
    EngineAccess engine =
        new EngineAccess(session.mounts(), session.dataAccess(), session.platform()::askingEngine);
    try {
      new PluginConnection(session.streams().in(), session.streams().out())
          .serve(new VolumePlugin(session.registry(), session.volumes(), engine));
    } catch (IOException e) {
      throw new CommandFailure("Error: the engine's connection was lost: " + e.getMessage(), 1);
    }
  }
}
