package dev.keg.cli.session;

import dev.keg.attachment.Attachments;
import dev.keg.attachment.MemberMounts;
import dev.keg.attachment.MountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.shared.SharedRegistry;
import dev.keg.tuning.Tuner;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.MountContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The parts of core that the use cases of a command share. Each is created on first use. */
final class SharedParts {
  private final Environment environment;
  private final ChosenRoot root;
  private final Supplier<Optional<SharedRegistry>> shared;
  private final Secrets secrets;
  private final Consumer<String> debug;
  private final Consumer<String> notice;
  private final CurrentListener work = new CurrentListener();
  private @Nullable VolumeRegistry registry;
  private @Nullable Attachments attachments;
  private @Nullable Drivers drivers;
  private @Nullable Services services;
  private @Nullable Volumes volumes;
  private @Nullable MountContext mounts;

  SharedParts(
      Environment environment,
      ChosenRoot root,
      Supplier<Optional<SharedRegistry>> shared,
      Secrets secrets,
      Consumer<String> debug,
      Consumer<String> notice) {
    this.environment = environment;
    this.root = root;
    this.shared = shared;
    this.secrets = secrets;
    this.debug = debug;
    this.notice = notice;
  }

  /** Receives the progress of all of them. */
  CurrentListener work() {
    return work;
  }

  VolumeRegistry registry() {
    if (registry == null) {
      registry =
          new VolumeRegistry(
              new RegistryLayout(root.path()),
              environment.directorySync(),
              environment.random(),
              debug,
              notice,
              work,
              shared.get().orElse(null));
    }
    return registry;
  }

  Attachments attachments() {
    if (attachments == null) {
      attachments = new Attachments(registry(), this::mountTable);
    }
    return attachments;
  }

  private MountTable mountTable() {
    MountTable table = environment.platform().mountTable();
    return shared
        .get()
        .<MountTable>map(
            registry -> new MemberMounts(table, registry.membership().host(), registry.hostName()))
        .orElse(table);
  }

  Drivers drivers() {
    if (drivers == null) {
      drivers =
          new Drivers(
              environment.system().platforms().drivers(),
              environment.platform().plugins(environment.variables(), debug),
              driverContext());
    }
    return drivers;
  }

  private DriverContext driverContext() {
    return new DriverContext(
        new RegistryHomes(registry(), this::volumes), environment.variables(), debug, work);
  }

  Services services() {
    if (services == null) {
      services = new Services(registry(), attachments(), drivers(), environment.clock(), secrets);
    }
    return services;
  }

  Volumes volumes() {
    if (volumes == null) {
      volumes = new Volumes(services());
    }
    return volumes;
  }

  MountContext mounts() {
    if (mounts == null) {
      mounts =
          new MountContext(
              services(), () -> environment.platform().publisher(driverContext()), this::tuner);
    }
    return mounts;
  }

  Tuner tuner() {
    return environment.platform().tuner(debug);
  }

  /** The volumes of a registry, for drivers whose volumes build on others. */
  private record RegistryHomes(VolumeRegistry registry, Supplier<Volumes> volumes)
      implements VolumeHomes {
    @Override
    public Optional<VolumeHome> find(VolumeName name) {
      return Optional.of(registry.layout().home(name)).filter(home -> Files.exists(home.path()));
    }

    @Override
    public List<VolumeHome> all() {
      return registry.names().stream().map(registry.layout()::home).toList();
    }

    @Override
    public List<VolumeHome> unfinished() {
      return registry.unfinished();
    }

    @Override
    public Optional<Path> data(VolumeName name) {
      return volumes.get().visible(name);
    }
  }
}
