package dev.keg.cli.command;

import dev.keg.cli.output.MountColumns;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.mountspec.MountConfig;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.volumeset.ContainerId;
import dev.keg.volumeset.DataAccess;
import dev.keg.volumeset.MountListing;
import dev.keg.volumeset.SetUpRequest;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg mount}: one volume, all volumes of a container, or the list of what is mounted. */
@Command(
    name = "mount",
    customSynopsis = "keg mount [OPTIONS] [VOLUME [TARGET]]",
    header = "Mount a volume, or all that a container needs; or list what is mounted")
public final class MountCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private SpecOptions specs = new SpecOptions();
  @Mixin private AccessOptions access = new AccessOptions();
  @Mixin private RowOptions rows = new RowOptions();

  @Option(names = "--container", paramLabel = "id", description = "Whom the mounts are for")
  private Optional<String> container = Optional.empty();

  @Option(
      names = "--rootfs",
      paramLabel = "directory",
      description = "The container's root directory, to which the targets belong")
  private Optional<String> rootfs = Optional.empty();

  @Option(names = "--subpath", paramLabel = "path", description = "Mount this part of the volume")
  private Optional<String> subpath = Optional.empty();

  @Option(names = "--exclusive", description = "Fail if somebody else writes, and let nobody begin")
  private boolean exclusive;

  @Option(names = "--mkdir", description = "Make the target if it is missing")
  private boolean mkdir;

  @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME")
  private Optional<String> volume = Optional.empty();

  @Parameters(index = "1", arity = "0..1", paramLabel = "TARGET")
  private Optional<String> target = Optional.empty();

  @Override
  public void run() {
    Session session = keg.session();
    if (volume.isPresent() && specs.given()) {
      throw wrong("conflicting options: a volume to mount and a container's mounts");
    }
    if (target.isEmpty() && (access.given() || subpath.isPresent())) {
      throw wrong("how to mount is said for a VOLUME and a TARGET; specs say it themselves");
    }
    boolean lists = !specs.given() && volume.isEmpty();
    if (!lists && rows.given()) {
      throw wrong("--format and --quiet are for the list of mounts");
    }
    if (!specs.given() && target.isEmpty() && (rootfs.isPresent() || exclusive || mkdir)) {
      throw wrong("--rootfs, --exclusive and --mkdir need something to mount at a TARGET");
    }
    if (volume.isPresent() && target.isEmpty() && container.isPresent()) {
      throw wrong("--container needs a TARGET to mount the VOLUME at");
    }
    if (specs.given()) {
      setUp(session, specs.read(session, spec));
    } else if (volume.isEmpty()) {
      list(session);
    } else if (target.isEmpty()) {
      reveal(session, volume.get());
    } else {
      setUp(session, List.of(single(session, volume.get(), target.get())));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private void list(Session session) {
    MountListing listing = MountListing.of(session.mounts());
    MountColumns.rows(session.zone())
        .print(
            session.streams().out(),
            rows.format(),
            listing.entries().stream()
                .filter(entry -> container.map(entry.container()::equals).orElse(true))
                .toList());
    PartialFailure.throwIfAny(listing.problems());
  }

  private static void reveal(Session session, String volume) {
    session
        .streams()
        .out()
        .println(new DataAccess(session.mounts(), session.volumeSets()).reveal(volume));
  }

  private MountSpec single(Session session, String name, String path) {
    if (!session.volumes().exists(name)) {
      throw new NotFound("mount", name);
    }
    MountSpecs grammar = session.mountSpecs();
    MountConfig config =
        new MountConfig("volume", name, rootfs.isEmpty() ? grammar.absolute(path) : path, false)
            .with(
                new MountConfig.VolumePart(true, subpath.orElse(""), MountConfig.Creation.DEFAULT));
    return grammar.structured(config).with(access.access(grammar));
  }

  private void setUp(Session session, List<MountSpec> mounts) {
    if (specs.given() && container.isEmpty()) {
      throw wrong("--container says whom these mounts are for");
    }
    SetUpRequest request =
        new SetUpRequest(
            container.map(ContainerId::new).orElse(null),
            rootfs.map(text -> session.files().getPath(text).toAbsolutePath()).orElse(null),
            mounts,
            exclusive,
            mkdir);
    session.volumeSets().setUp(request).forEach(session.streams().out()::println);
  }
}
