package dev.keg.driver;

import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Programs on this machine that keep volumes for others. */
public interface VolumePlugins {
  /** No such programs. */
  VolumePlugins NONE =
      new VolumePlugins() {
        @Override
        public Optional<DriverFactory> find(String name) {
          return Optional.empty();
        }

        @Override
        public Listed list(Path root) {
          return new Listed(List.of(), List.of());
        }
      };

  /** The driver of a plugin of this name, if there is one; the plugin is not asked anything. */
  Optional<DriverFactory> find(String name);

  /**
   * Asks all plugins for their volumes. One that does not answer is a problem, and no more.
   *
   * @param root of the registry that asks; a plugin that is Keg with this registry is left out
   */
  Listed list(Path root);

  /**
   * What plugins have.
   *
   * @param problems of plugins that did not answer
   */
  record Listed(List<PluginVolume> volumes, List<VolumeException> problems) {
    public Listed {
      volumes = List.copyOf(volumes);
      problems = List.copyOf(problems);
    }
  }

  /**
   * A volume that a plugin has.
   *
   * @param mountpoint empty if the plugin does not say
   */
  record PluginVolume(String plugin, String name, String mountpoint) {}

  /** A driver whose volumes a plugin keeps, perhaps under other names. */
  interface Keeps {
    /** What the plugin calls the volume; empty if it was never made. */
    Optional<PluginVolume> kept(Volume volume, VolumeHome home);
  }
}
