package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.volume.VolumeName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg adopt}. */
@Command(
    name = "adopt",
    customSynopsis = "keg adopt [OPTIONS] PATH",
    header = "Register an existing disk image, directory or docker volume as a volume")
public final class AdoptCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Option(
      names = "--name",
      paramLabel = "string",
      description = "Name of the volume (default: the name of the file or directory)")
  private Optional<String> name = Optional.empty();

  @Parameters(index = "0", paramLabel = "FILE")
  private String path;

  @Override
  public void run() {
    Session session = keg.session();
    var volume =
        session.adoptions().adopt(session.files().getPath(path), name.map(VolumeName::new));
    session.streams().out().println(volume.name());
  }
}
