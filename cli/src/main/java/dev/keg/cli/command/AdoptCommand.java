package dev.keg.cli.command;

import dev.keg.adoption.Adoptions;
import dev.keg.cli.option.AdoptSource;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.program.Engine;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg adopt}. */
@Command(name = "adopt", customSynopsis = "keg adopt [OPTIONS] [PATH]")
public final class AdoptCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private AdoptSource source = new AdoptSource();

  @Option(
      names = "--name",
      paramLabel = "string",
      description = "Name of the volume (default: the name of the file or directory)")
  private Optional<String> name = Optional.empty();

  @Parameters(index = "0", arity = "0..1", paramLabel = "FILE")
  private Optional<String> path = Optional.empty();

  @Override
  public void run() {
    WrongUse.throwIfAny(source.conflict(path.isPresent(), name.isPresent()));
    Session session = keg.session();
    Adoptions adoptions = session.adoptions();
    if (path.isPresent()) {
      Path file = session.files().getPath(path.get());
      show(session, adoptions.adopt(file, name.map(VolumeName::new)));
    } else if (source.engine().isPresent()) {
      Engine engine = new Engine(session.programs(), source.engine().get());
      PartialFailure.throwIfAny(
          adoptions.adoptAll(engine.volumes(), volume -> show(session, volume)));
    } else {
      PartialFailure.forEach(
          source.images(session), image -> show(session, adoptions.adopt(image, Optional.empty())));
    }
  }

  private void show(Session session, Volume volume) {
    if (session.adoptions().isOpenToOthers(volume)) {
      session.warn("other users can read or write the disk of volume %s".formatted(volume.name()));
    }
    results.print(session, Result.ofVolume(volume.name().text(), "Adopted"));
  }
}
