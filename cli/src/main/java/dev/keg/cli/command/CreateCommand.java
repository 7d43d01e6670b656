package dev.keg.cli.command;

import dev.keg.cli.option.ComposeOptions;
import dev.keg.cli.option.VolumeOptions;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.RegistryException.Differs;
import dev.keg.lifecycle.CreateResult;
import dev.keg.mountspec.WantedVolume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.VolumeResolver;
import java.util.List;
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
  @Mixin private ComposeOptions compose = new ComposeOptions();

  @Option(names = "--name", paramLabel = "string", hidden = true)
  private Optional<String> name = Optional.empty();

  @Option(names = "--ignore", description = "Do not warn if the volume exists and differs")
  private boolean ignore;

  @Option(names = "--strict", description = "Fail if the volume exists and differs")
  private boolean strict;

  @Option(names = "--dry-run", description = "With --compose, show what would be created")
  private boolean dryRun;

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
    Optional<String> named = volume.or(() -> name);
    WrongUse.throwIfAny(options.conflict());
    WrongUse.throwIfAny(compose.conflict(named.isPresent() || options.given()));
    WrongUse.throwIf(dryRun && !compose.given(), "--dry-run needs --compose");
    Session session = keg.session();
    if (compose.given()) {
      createAll(session, compose.volumes(session));
    } else {
      show(session, session.volumes().create(options.request(session, named.orElse(""))));
    }
  }

  private void createAll(Session session, List<WantedVolume> wanted) {
    VolumeResolver resolver = session.volumeResolver();
    resolver.requireExternal(wanted);
    if (dryRun) {
      wanted.forEach(volume -> preview(session, volume.name().orElseThrow()));
    } else {
      PartialFailure.forEach(wanted, volume -> create(session, resolver, volume));
    }
  }

  private void create(Session session, VolumeResolver resolver, WantedVolume wanted) {
    if (wanted.mustExist()) {
      session.streams().out().println(wanted.name().orElseThrow());
    } else {
      show(session, resolver.volume(wanted));
    }
  }

  private static void preview(Session session, VolumeName name) {
    boolean exists = session.volumes().exists(name.text());
    session.streams().out().println(exists ? name + " exists" : "would create " + name);
  }

  private void show(Session session, CreateResult creation) {
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
