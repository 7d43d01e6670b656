package dev.keg.cli.session;

import dev.keg.attachment.Attachments;
import dev.keg.attachment.MountTable;
import dev.keg.attachment.NoMounts;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Puts core together for one command. Nothing is made before it is asked for. */
public final class Session {
  private final Environment environment;
  private final Path root;
  private final Consumer<String> debug;
  private @Nullable VolumeRegistry registry;
  private @Nullable Attachments attachments;
  private @Nullable Drivers drivers;
  private @Nullable Volumes volumes;

  Session(Environment environment, Optional<String> root, boolean debug) {
    this.environment = environment;
    this.root =
        root.map(text -> environment.files().getPath(text))
            .orElseGet(environment::defaultRoot)
            .toAbsolutePath()
            .normalize();
    this.debug = debug || environment.debug() ? this::debug : _ -> {};
  }

  private void debug(String line) {
    environment.streams().err().println("debug: " + line);
  }

  public Streams streams() {
    return environment.streams();
  }

  public RandomGenerator random() {
    return environment.random();
  }

  public Clock clock() {
    return environment.clock();
  }

  public ZoneId zone() {
    return environment.clock().getZone();
  }

  /** Tells of something that does not stop the command. */
  public void warn(String message) {
    environment.streams().err().println("Warning: " + message);
  }

  public Volumes volumes() {
    if (volumes == null) {
      volumes = new Volumes(registry(), attachments(), drivers(), clock(), Secrets.NONE);
    }
    return volumes;
  }

  public VolumeRegistry registry() {
    if (registry == null) {
      registry =
          new VolumeRegistry(
              new RegistryLayout(root), environment.directorySync(), random(), debug);
    }
    return registry;
  }

  public Attachments attachments() {
    if (attachments == null) {
      attachments = new Attachments(registry(), Session::mountTable);
    }
    return attachments;
  }

  private static MountTable mountTable() {
    return ServiceLoader.load(MountTable.class).findFirst().orElseGet(NoMounts::new);
  }

  public Drivers drivers() {
    if (drivers == null) {
      RegistryLayout layout = registry().layout();
      DriverContext context =
          new DriverContext(
              name -> Optional.of(layout.home(name)).filter(home -> Files.exists(home.path())),
              environment.variables(),
              debug);
      drivers = new Drivers(ServiceLoader.load(DriverFactory.class), context);
    }
    return drivers;
  }
}
