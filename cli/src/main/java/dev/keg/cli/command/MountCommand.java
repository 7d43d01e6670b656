package dev.keg.cli.command;

import dev.keg.cli.action.EarlierVolumes;
import dev.keg.cli.option.AccessOptions;
import dev.keg.cli.option.MountUse;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.SetUpOptions;
import dev.keg.cli.option.SpecOptions;
import dev.keg.cli.option.backup.EarlierVolume;
import dev.keg.cli.output.MountColumns;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.mountspec.MountSpec;
import dev.keg.volumeset.MountListing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg mount}, which has four {@linkplain MountUse uses}. */
@Command(name = "mount", customSynopsis = "keg mount [OPTIONS] [VOLUME [TARGET]]")
public final class MountCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private SpecOptions specs = new SpecOptions();
  @Mixin private SetUpOptions setUp = new SetUpOptions();
  @Mixin private AccessOptions access = new AccessOptions();
  @Mixin private RowOptions rows = new RowOptions();

  @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME")
  private Optional<String> volume = Optional.empty();

  @Parameters(index = "1", arity = "0..1", paramLabel = "TARGET")
  private Optional<String> target = Optional.empty();

  @Override
  public void run() {
    MountUse use = MountUse.of(volume.isPresent(), target.isPresent(), specs.given());
    WrongUse.throwIfAny(use.conflict(spec, setUp.container().isPresent(), volume.isPresent()));
    Session session = keg.session();
    switch (use) {
      case LIST -> list(session);
      case DATA -> reveal(session, volume.orElseThrow());
      case TARGET -> mount(session, volume.orElseThrow());
      case CONTAINER -> {
        List<MountSpec> mounts = specs.read(session);
        setUp(session, earlier -> mounts.stream().map(earlier::at).toList());
      }
    }
  }

  private void list(Session session) {
    session.warnOfMissingRoot();
    MountListing listing = MountListing.of(session.mounts());
    MountColumns.rows(session.zone())
        .print(session.streams().out(), rows.format(), listing.of(setUp.container()));
    PartialFailure.throwIfAny(listing.problems());
  }

  private void reveal(Session session, String volume) {
    String path = session.dataAccess().reveal(volume).toString();
    rows.print(session, Result.of(path).with("Volume", volume).with("Path", path));
  }

  private void mount(Session session, String text) {
    String name = EarlierVolume.of(session, "mount", text).map(EarlierVolume::volume).orElse(text);
    if (!session.volumes().exists(name)) {
      throw new NotFound("mount", name);
    }
    String path = setUp.path(session, target.orElseThrow());
    setUp(
        session,
        earlier ->
            List.of(
                access.mount(session.grammars().mountSpecs(), earlier.at(text).toString(), path)));
  }

  private void setUp(Session session, Function<EarlierVolumes, List<MountSpec>> mounts) {
    try (EarlierVolumes earlier = new EarlierVolumes(session, "mount")) {
      List<MountSpec> shown = new ArrayList<>();
      Interruption.run(() -> shown.addAll(mounts.apply(earlier)));
      List<Path> targets = session.volumeSets().setUp(setUp.request(session, shown));
      earlier.keep();
      targets.forEach(
          target ->
              rows.print(
                  session, Result.naming("Target", target.toString()).with("Mounted", true)));
    }
  }
}
