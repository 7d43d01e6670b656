package dev.keg.cli.session;

import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The volumes of a registry, for drivers whose volumes build on others. */
record RegistryHomes(VolumeRegistry registry, Supplier<Volumes> volumes) implements VolumeHomes {
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
