package dev.keg.adoption;

import dev.keg.adoption.Adoptable.Lying;
import dev.keg.driver.Adopts;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.RegistryException.AdoptionRefused;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.NewVolume;
import dev.keg.lifecycle.Services;
import dev.keg.registry.Catalog.Staged;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Makes volumes of existing files and directories. */
public final class Adoptions {
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

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
      Staged staged = stage(registry.list(), path, candidate, name, Labels.NONE);
      for (VolumeException problem : publish(List.of(staged), _ -> {})) {
        throw problem;
      }
      return staged.volume();
    }
  }

  /**
   * Registers volumes of another engine, and returns why some cannot be registered. Reads the
   * registry only once, since an engine has no directory twice.
   */
  public List<VolumeException> adoptAll(List<EngineVolume> volumes, Consumer<Volume> adopted) {
    registry.openForWriting();
    List<VolumeException> problems = new ArrayList<>();
    try (var _ = registry.lock().lockAll()) {
      List<RegistryEntry> others = registry.list();
      List<Staged> staged = new ArrayList<>();
      for (EngineVolume volume : volumes) {
        try {
          staged.add(stage(volume, others));
        } catch (VolumeException e) {
          problems.add(e);
        }
      }
      problems.addAll(publish(staged, adopted));
    }
    return problems;
  }

  private List<VolumeException> publish(List<Staged> all, Consumer<Volume> adopted) {
    Map<Staged, VolumeException> failures = registry.catalog().publishAll(all);
    for (Staged one : all) {
      VolumeException failure = failures.get(one);
      if (failure == null) {
        adopted.accept(one.volume());
      } else {
        abandon(one, failure);
      }
    }
    return List.copyOf(failures.values());
  }

  private void abandon(Staged one, VolumeException failure) {
    try {
      registry.abandon(one.home());
    } catch (VolumeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Registers a volume of another engine under its name, with its labels. */
  private Staged stage(EngineVolume volume, List<RegistryEntry> others) {
    Path data = registry.layout().root().getFileSystem().getPath(volume.mountpoint());
    if (!volume.driver().equals(Volume.DEFAULT_DRIVER)) {
      throw new AdoptionRefused(
          volume.name(),
          "its driver '%s' has the data, not a directory".formatted(volume.driver()));
    }
    DockerVolume described = new DockerVolume(volume.name(), data, volume.options());
    Adoptable candidate =
        volume.options().isEmpty() ? candidate(data) : new Adoptable.Described(described);
    VolumeName name = ownName(data, new Adoptable.Described(described));
    return stage(others, data, candidate, name, volume.labels());
  }

  private Staged stage(
      List<RegistryEntry> others, Path path, Adoptable candidate, VolumeName name, Labels labels) {
    if (registry.find(name).isPresent()) {
      throw new AlreadyExists("adopt", path.toString(), name.text());
    }
    return switch (candidate) {
      case Adoptable.Described described -> stage(described, name, labels);
      case Lying lying -> {
        requireUnregistered(others, path, lying.real());
        yield stage(lying, name, labels);
      }
    };
  }

  /** Whether other users can read or write the volume's disk, which existed before it. */
  public boolean isOpenToOthers(Volume volume) {
    return elsewhere(volume).filter(Files::isRegularFile).filter(Adoptions::isOpen).isPresent();
  }

  private static boolean isOpen(Path file) {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return false;
    }
    try {
      return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    } catch (IOException e) {
      throw FileFailures.failure("adopt", file, e);
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

  private void requireUnregistered(List<RegistryEntry> others, Path path, Path real) {
    for (RegistryEntry entry : others) {
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

  private Staged stage(Adoptable.Described described, VolumeName name, Labels labels) {
    Volume volume = volume(name, Volume.DEFAULT_DRIVER, described.docker().options(), labels);
    VolumeDriver driver = services.driver("adopt", volume);
    driver.validate(drivers.options(volume));
    return made(volume).stage(driver::create);
  }

  private Staged stage(Lying lying, VolumeName name, Labels labels) {
    Volume volume = volume(name, lying.driver(), lying.options(), labels);
    Adopts driver = (Adopts) services.driver("adopt", volume);
    return made(volume).stage(request -> driver.adopt(lying.real(), request));
  }

  private Volume volume(VolumeName name, String driver, Options options, Labels labels) {
    return new Volume(name, driver, options, labels, services.clock().instant());
  }

  private NewVolume made(Volume volume) {
    // The data is moved by renaming, which requires the same file system.
    return new NewVolume(services, "adopt", volume, Ownership.DEFAULT, PoolName.DEFAULT);
  }
}
