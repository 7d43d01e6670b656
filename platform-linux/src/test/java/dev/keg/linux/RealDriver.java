package dev.keg.linux;

import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.driver.VolumeDriver;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A driver on the real kernel, used as the core uses it. */
public final class RealDriver {
  private final DriverFactory factory;
  private final Path root;
  private final VolumeDriver driver;
  private Secrets secrets = Secrets.NONE;

  public RealDriver(DriverFactory factory, Path root) throws IOException {
    this(factory, root, System.getenv());
  }

  public RealDriver(DriverFactory factory, Path root, Map<String, String> environment)
      throws IOException {
    this.factory = factory;
    this.root = root;
    Files.createDirectories(root.resolve("volumes"));
    Files.createDirectories(root.resolve("staging"));
    this.driver =
        factory.open(
            new DriverContext(
                name -> Optional.of(home(name.text())).filter(h -> Files.exists(h.path())),
                environment,
                _ -> {}));
  }

  public RealDriver with(Secrets newSecrets) {
    this.secrets = newSecrets;
    return this;
  }

  /** A volume of the driver. */
  public record Made(Volume volume, VolumeHome home) {
    public Path data() {
      return home.data();
    }

    /** The mount on its data directory; the test fails if there is none. */
    public Mount mounted() throws IOException {
      return ProcMounts.read().top(data()).orElseThrow();
    }
  }

  public VolumeDriver driver() {
    return driver;
  }

  public VolumeHome home(String name) {
    return new VolumeHome(root.resolve("volumes").resolve(name));
  }

  public Made create(String name, Map<String, String> options) throws IOException {
    return create(name, options, Ownership.DEFAULT);
  }

  public Made create(String name, Map<String, String> options, Ownership ownership)
      throws IOException {
    Volume volume =
        new Volume(
            new VolumeName(name), factory.name(), Options.of(options), Labels.NONE, Instant.EPOCH);
    driver.validate(options(volume));
    Path staged = Files.createDirectory(root.resolve("staging").resolve(name));
    boolean made = false;
    try {
      driver.create(
          new CreateRequest(volume, new VolumeHome(staged), options(volume), ownership, secrets));
      Files.move(staged, home(name).path());
      made = true;
    } finally {
      if (!made) {
        delete(staged);
      }
    }
    return new Made(volume, home(name));
  }

  /** Makes a snapshot, and returns its home. */
  public VolumeHome snapshot(Made made, String name) throws IOException {
    Path all = Files.createDirectories(made.home().file("snapshots"));
    VolumeHome home = new VolumeHome(Files.createDirectory(all.resolve(name)));
    ((Snapshots) driver).snapshot(made.volume(), made.home(), home);
    return home;
  }

  /** Copies a volume, or its snapshot in that home. */
  public Made clone(Made from, VolumeHome home, String name) throws IOException {
    Clones clones = (Clones) driver;
    VolumeName copy = new VolumeName(name);
    Volume volume =
        new Volume(
            copy,
            factory.name(),
            clones.optionsOfClone(from.volume(), copy),
            Labels.NONE,
            Instant.EPOCH);
    VolumeHome target = new VolumeHome(Files.createDirectory(home(name).path()));
    clones.cloneFrom(
        from.volume(),
        home,
        new CreateRequest(volume, target, options(volume), Ownership.DEFAULT, secrets));
    return new Made(volume, target);
  }

  public DriverOptions options(Volume volume) {
    return DriverOptions.of(volume.name(), volume.options(), factory.options());
  }

  public Path mount(Made made) {
    return driver.mount(
        new MountRequest(made.volume(), made.home(), options(made.volume()), secrets));
  }

  public void unmount(Made made) {
    driver.unmount(made.volume(), made.home());
  }

  public void remove(Made made) throws IOException {
    driver.remove(made.volume(), made.home());
    delete(made.home().path());
  }

  private static void delete(Path tree) throws IOException {
    List<Path> all;
    try (var walk = Files.walk(tree)) {
      all = walk.toList();
    }
    all.reversed()
        .forEach(
            path -> {
              try {
                Files.delete(path);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }
}
