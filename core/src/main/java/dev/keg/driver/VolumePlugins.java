package dev.keg.driver;

import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Programs on this machine that manage volumes for others. */
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

  /** The driver for a plugin of this name, if there is one; does not contact the plugin. */
  Optional<DriverFactory> find(String name);

  /**
   * Asks all plugins for their volumes. A plugin that does not answer is only a problem in the
   * result.
   *
   * @param root the root of the registry that asks; a plugin that is Keg with this registry is left
   *     out
   */
  Listed list(Path root);

  /**
   * The volumes of plugins.
   *
   * @param problems the failures of plugins that did not answer
   */
  record Listed(List<PluginVolume> volumes, List<VolumeException> problems) {
    public Listed {
      volumes = List.copyOf(volumes);
      problems = List.copyOf(problems);
    }
  }

  /**
   * A volume of a plugin.
   *
   * @param mountpoint empty if the plugin does not report it
   */
  record PluginVolume(String plugin, String name, String mountpoint) {}

  /** A driver whose volumes a plugin manages, possibly under other names. */
  interface Keeps {
    /** The plugin's volume; empty if it was never created. */
    Optional<PluginVolume> kept(Volume volume, VolumeHome home);
  }
}
