package dev.keg.adoption;

import dev.keg.adoption.Adoptable.Lying;
import dev.keg.driver.Adopts;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.RegistryException.AdoptionRefused;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.NewVolume;
import dev.keg.lifecycle.Services;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.VolumeRegistry.RegistryEntry;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes volumes of existing files and directories. */
public final class Adoptions {
  private final Services services;
  private final VolumeRegistry registry;
  private final Drivers drivers;

  public Adoptions(Services services) {
    this.services = services;
    this.registry = services.registry();
    this.drivers = services.drivers();
  }

  /** Registers a file or directory; its own name is the default. */
  public Volume adopt(Path path, Optional<VolumeName> wanted) {
    Adoptable candidate = candidate(path);
    VolumeName name = wanted.orElseGet(() -> ownName(path, candidate));
    registry.openForWriting();
    // Two processes must not register one path under two names.
    try (var _ = registry.lock().lockAll()) {
      if (registry.find(name).isPresent()) {
        throw new AlreadyExists("adopt", path.toString(), name.text());
      }
      return switch (candidate) {
        case Adoptable.Described described -> make(described, name);
        case Lying lying -> {
          requireUnregistered(path, lying.real());
          yield make(lying, name);
        }
      };
    }
  }

  private static VolumeName ownName(Path path, Adoptable candidate) {
    return VolumeName.lookup(candidate.text())
        .orElseThrow(
            () ->
                new AdoptionRefused(
                    path.toString(),
                    "'%s' is not a valid volume name; choose one with --name"
                        .formatted(candidate.text())));
  }

  private Adoptable candidate(Path path) {
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

  private Adoptable candidate(Path path, Path real) throws IOException {
    Optional<DockerVolume> docker =
        Files.isDirectory(real) ? DockerVolume.at(real) : Optional.empty();
    if (docker.isPresent() && !docker.get().options().isEmpty()) {
      return new Adoptable.Described(docker.get());
    }
    Path data = docker.map(DockerVolume::data).orElse(real);
    String name = docker.map(DockerVolume::name).orElseGet(() -> Adoptable.nameOf(real));
    for (DriverFactory factory : drivers.all()) {
      if (factory.unavailable().isEmpty()
          && drivers.open(factory.name(), "adopt", name) instanceof Adopts adopts) {
        Optional<Options> options = options(adopts, path, data);
        if (options.isPresent()) {
          return new Lying(name, data, factory.name(), options.get());
        }
      }
    }
    throw new AdoptionRefused(
        path.toString(), "it is neither a directory nor a disk image that a driver here can use");
  }

  private static Optional<Options> options(Adopts adopts, Path path, Path data) {
    try {
      return adopts.optionsFor(data);
    } catch (IOException e) {
      throw new AdoptionRefused(path.toString(), Adoptable.reason(e));
    }
  }

  private void requireUnregistered(Path path, Path real) {
    for (RegistryEntry entry : registry.list()) {
      if (entry instanceof RegistryEntry.Intact(Volume volume)
          && elsewhere(volume).filter(other -> isSame(real, other)).isPresent()) {
        throw new AdoptionRefused(
            path.toString(), "it is already registered as volume " + volume.name());
      }
    }
  }

  private Optional<Path> elsewhere(Volume volume) {
    return services
        .available(volume)
        .filter(Adopts.class::isInstance)
        .flatMap(driver -> ((Adopts) driver).elsewhere(volume, services.home(volume.name())));
  }

  // A file may have several names.
  private static boolean isSame(Path real, Path other) {
    try {
      return Files.exists(other) && Files.isSameFile(real, other);
    } catch (IOException e) {
      throw FileFailures.failure("adopt", other, e);
    }
  }

  private Volume make(Adoptable.Described described, VolumeName name) {
    Volume volume = volume(name, Volume.DEFAULT_DRIVER, described.docker().options());
    VolumeDriver driver = services.driver("adopt", volume);
    driver.validate(drivers.options(volume));
    return made(volume).publish(driver::create);
  }

  private Volume make(Lying lying, VolumeName name) {
    Volume volume = volume(name, lying.driver(), lying.options());
    Adopts driver = (Adopts) services.driver("adopt", volume);
    return made(volume).publish(request -> driver.adopt(lying.real(), request));
  }

  private Volume volume(VolumeName name, String driver, Options options) {
    return new Volume(name, driver, options, Labels.NONE, services.clock().instant());
  }

  private NewVolume made(Volume volume) {
    return new NewVolume(services, "adopt", volume, Ownership.DEFAULT);
  }
}
