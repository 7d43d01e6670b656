package dev.keg.driver;

import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What a driver is given to work with. */
public record DriverContext(
    VolumeHomes homes, Map<String, String> environment, Consumer<String> debug) {
  public DriverContext {
    environment = Map.copyOf(environment);
  }

  /** Where other volumes are, for drivers that build on one. */
  @FunctionalInterface
  public interface VolumeHomes {
    Optional<VolumeHome> find(VolumeName name);

    /** Those of all volumes. */
    default List<VolumeHome> all() {
      return List.of();
    }

    /**
     * Those of volumes that are being made, under names that are nobody's. Who looks at these first
     * and then at {@link #all} misses none that becomes a volume meanwhile.
     */
    default List<VolumeHome> unfinished() {
      return List.of();
    }

    /** Where the volume's data is visible now; nothing if it would have to be mounted first. */
    default Optional<Path> data(VolumeName name) {
      return find(name).map(VolumeHome::data);
    }
  }
}
