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
    header = "Make a volume of a disk image, a directory or a docker volume that is there already")
public final class AdoptCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Option(
      names = "--name",
      paramLabel = "string",
      description = "What the volume is called; the file's or directory's own name if not given")
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
