package dev.keg.adoption;

import dev.keg.adoption.Candidate.Lying;
import dev.keg.driver.Adopts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.RegistryException.AdoptionRefused;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Foundations;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.VolumeRegistry.Entry;
import dev.keg.volume.Labels;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.SortedMap;

/** Makes a volume of what is there already. */
public final class Adoptions {
  private final VolumeRegistry registry;
  private final Drivers drivers;
  private final Foundations foundations;
  private final Clock clock;

  public Adoptions(VolumeRegistry registry, Drivers drivers, Foundations foundations, Clock clock) {
    this.registry = registry;
    this.drivers = drivers;
    this.foundations = foundations;
    this.clock = clock;
  }

  /** Registers a file or directory; without a name it gets its own, as far as that is one. */
  public Volume adopt(Path path, Optional<VolumeName> wanted) {
    Candidate candidate = candidate(path);
    VolumeName name = wanted.orElseGet(() -> ownName(path, candidate));
    registry.openForWriting();
    // Two processes must not register one path under two names.
    try (var _ = registry.lock().lockAll()) {
      if (registry.find(name).isPresent()) {
        throw new AlreadyExists("adopt", path.toString(), name.text());
      }
      return switch (candidate) {
        case Candidate.Described described -> make(described, name);
        case Lying lying -> {
          requireUnregistered(path, lying.real());
          yield make(lying, name);
        }
      };
    }
  }

  private static VolumeName ownName(Path path, Candidate candidate) {
    return VolumeName.lookup(candidate.text())
        .orElseThrow(
            () ->
                new AdoptionRefused(
                    path.toString(),
                    "'%s' is no volume's name: give it another one with --name"
                        .formatted(candidate.text())));
  }

  private Candidate candidate(Path path) {
    try {
      Path real = path.toRealPath();
      refuseRoot(path, real);
      return candidate(path, real);
    } catch (IOException e) {
      throw FileFailures.failure("adopt", path, e);
    }
  }

  private void refuseRoot(Path path, Path real) throws IOException {
    Path root = registry.layout().root();
    if (Files.exists(root)) {
      Path realRoot = root.toRealPath();
      if (real.startsWith(realRoot) || realRoot.startsWith(real)) {
        throw new AdoptionRefused(
            path.toString(), "it overlaps with " + root + ", where keg keeps its volumes");
      }
    }
  }

  private Candidate candidate(Path path, Path real) throws IOException {
    Optional<DockerVolume> docker =
        Files.isDirectory(real) ? DockerVolume.at(real) : Optional.empty();
    if (docker.isPresent() && !docker.get().options().isEmpty()) {
      return new Candidate.Described(docker.get());
    }
    Path data = docker.map(DockerVolume::data).orElse(real);
    String name = docker.map(DockerVolume::name).orElseGet(() -> Candidate.nameOf(real));
    for (DriverFactory factory : drivers.all()) {
      if (factory.unavailable().isEmpty()
          && drivers.open(factory.name(), "adopt", name) instanceof Adopts adopts) {
        Optional<SortedMap<String, String>> options = options(adopts, path, data);
        if (options.isPresent()) {
          return new Lying(name, data, factory.name(), options.get());
        }
      }
    }
    throw new AdoptionRefused(
        path.toString(), "it is neither a directory nor a disk image that a driver here can use");
  }

  private static Optional<SortedMap<String, String>> options(Adopts adopts, Path path, Path data) {
    try {
      return adopts.optionsFor(data);
    } catch (IOException e) {
      throw new AdoptionRefused(path.toString(), Candidate.reason(e));
    }
  }

  private void requireUnregistered(Path path, Path real) {
    for (Entry entry : registry.list()) {
      if (entry instanceof Entry.Intact(Volume volume)
          && elsewhere(volume).filter(other -> isSame(real, other)).isPresent()) {
        throw new AdoptionRefused(
            path.toString(), "it is registered already, as volume " + volume.name());
      }
    }
  }

  private Optional<Path> elsewhere(Volume volume) {
    boolean available =
        drivers.factory(volume.driver()).map(DriverFactory::unavailable).stream()
            .anyMatch(Optional::isEmpty);
    return available
            && drivers.open(volume.driver(), "adopt", volume.name().text()) instanceof Adopts adopts
        ? adopts.elsewhere(volume, registry.layout().home(volume.name()))
        : Optional.empty();
  }

  // By any of its names: a file may have several.
  private static boolean isSame(Path real, Path other) {
    try {
      return Files.exists(other) && Files.isSameFile(real, other);
    } catch (IOException e) {
      throw FileFailures.failure("adopt", other, e);
    }
  }

  private Volume make(Candidate.Described described, VolumeName name) {
    Volume volume = volume(name, Volume.DEFAULT_DRIVER, described.docker().options());
    VolumeDriver driver = drivers.open(Volume.DEFAULT_DRIVER, "adopt", name.text());
    driver.validate(drivers.options(volume));
    return publish(volume, driver::create);
  }

  private Volume make(Lying lying, VolumeName name) {
    Volume volume = volume(name, lying.driver(), lying.options());
    VolumeDriver driver = drivers.open(lying.driver(), "adopt", name.text());
    return publish(volume, request -> ((Adopts) driver).adopt(lying.real(), request));
  }

  private Volume volume(VolumeName name, String driver, SortedMap<String, String> options) {
    return new Volume(name, driver, options, Labels.NONE, clock.instant());
  }

  private interface Filling {
    void fill(CreateRequest request);
  }

  private Volume publish(Volume volume, Filling filling) {
    DriverOptions options = drivers.options(volume);
    VolumeHome home = registry.stage(volume.name());
    try {
      filling.fill(new CreateRequest(volume, home, options, Ownership.DEFAULT, Secrets.NONE));
      foundations.requireStill("adopt", volume, home);
      registry.publish(volume, home);
      return volume;
    } catch (RuntimeException e) {
      try {
        registry.abandon(home);
      } catch (VolumeException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }
}
