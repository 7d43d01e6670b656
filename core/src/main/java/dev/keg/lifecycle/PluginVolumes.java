package dev.keg.lifecycle;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumePlugins.Keeps;
import dev.keg.driver.VolumePlugins.Listed;
import dev.keg.driver.VolumePlugins.PluginVolume;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.VolumeException;
import dev.keg.registry.RegistryEntry;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The volumes of plugins that are not Keg's. */
public final class PluginVolumes {
  private final Services services;

  public PluginVolumes(Services services) {
    this.services = services;
  }

  /**
   * The volumes of plugins.
   *
   * @param problems failures of plugins that did not answer, and names that Keg cannot use
   */
  public record Found(List<Overview> volumes, List<VolumeException> problems) {
    public Found {
      volumes = List.copyOf(volumes);
      problems = List.copyOf(problems);
    }
  }

  /** Asks all plugins. */
  public Found find(VolumeFilter filter) {
    Path root = services.registry().layout().root();
    Listed listed = services.drivers().plugins().list(root);
    Set<PluginVolume> known = services.registry().openForReading() ? known() : Set.of();
    List<Overview> found = new ArrayList<>();
    List<VolumeException> problems = new ArrayList<>(listed.problems());
    for (PluginVolume volume : listed.volumes()) {
      Optional<VolumeName> name = VolumeName.lookup(volume.name());
      if (name.isEmpty()) {
        problems.add(
            new DriverFailed(
                "ls",
                "the volumes of plugin " + volume.plugin(),
                "'%s' is not a name that Keg can use".formatted(volume.name())));
      } else if (!known.contains(identity(volume))) {
        found.add(overview(volume, name.get(), root));
      }
    }
    return new Found(found.stream().filter(filter::matches).toList(), problems);
  }

  private Set<PluginVolume> known() {
    Set<PluginVolume> known = new HashSet<>();
    for (RegistryEntry entry : services.registry().list()) {
      if (entry instanceof RegistryEntry.Intact(Volume volume)
          && services
              .drivers()
              .factory(volume.driver())
              .filter(DriverFactory::takesAnyOption)
              .isPresent()
          && services.driver("ls", volume) instanceof Keeps driver) {
        driver
            .kept(volume, services.home(volume.name()))
            .map(PluginVolumes::identity)
            .ifPresent(known::add);
      }
    }
    return known;
  }

  private static PluginVolume identity(PluginVolume volume) {
    return new PluginVolume(volume.plugin(), volume.name(), "");
  }

  private Overview overview(PluginVolume volume, VolumeName name, Path root) {
    return new Overview(
        services,
        new Volume(name, volume.plugin(), Options.NONE, Labels.NONE, Instant.EPOCH),
        Storage.fileSystem("plugin", root.getFileSystem().getPath(volume.mountpoint())));
  }
}
