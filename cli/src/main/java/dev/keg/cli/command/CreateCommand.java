package dev.keg.cli.command;

import dev.keg.cli.option.VolumeOptions;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.RegistryException.Differs;
import dev.keg.lifecycle.CreateResult;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg create}. */
@Command(
    name = "create",
    customSynopsis = "keg create [OPTIONS] [VOLUME]",
    header = "Create a volume")
public final class CreateCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private VolumeOptions options = new VolumeOptions();

  @Option(names = "--name", paramLabel = "string", hidden = true)
  private Optional<String> name = Optional.empty();

  @Option(names = "--ignore", description = "Do not warn if the volume exists and differs")
  private boolean ignore;

  @Option(names = "--strict", description = "Fail if the volume exists and differs")
  private boolean strict;

  @Parameters(arity = "0..1", paramLabel = "VOLUME")
  private Optional<String> volume = Optional.empty();

  @Override
  public void run() {
    if (volume.isPresent() && name.isPresent()) {
      throw new CommandFailure(
          "conflicting options: cannot specify a volume-name through both --name and as a"
              + " positional arg",
          1);
    }
    WrongUse.throwIfAny(options.conflict());
    Session session = keg.session();
    CreateResult creation =
        session.volumes().create(options.request(session, volume.or(() -> name).orElse("")));
    String created = creation.volume().name().text();
    if (strict && !creation.differences().isEmpty()) {
      throw new Differs(created, creation.differences());
    }
    if (!ignore) {
      creation
          .differences()
          .forEach(difference -> session.warn("volume " + created + " exists: " + difference));
    }
    session.streams().out().println(created);
  }
}
