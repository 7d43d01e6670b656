package dev.keg.driver;

import dev.keg.file.WorkListener;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The environment of a driver.
 *
 * @param work receives the progress of copies and other long work
 */
public record DriverContext(
    VolumeHomes homes, Map<String, String> environment, Consumer<String> debug, WorkListener work) {
  public DriverContext {
    environment = Map.copyOf(environment);
  }

  /** A context without progress. */
  public DriverContext(VolumeHomes homes, Map<String, String> environment, Consumer<String> debug) {
    this(homes, environment, debug, WorkListener.NONE);
  }

  /** Finds other volumes, for drivers whose volumes are built on one. */
  @FunctionalInterface
  public interface VolumeHomes {
    Optional<VolumeHome> find(VolumeName name);

    /** The homes of all volumes. */
    default List<VolumeHome> all() {
      return List.of();
    }

    /**
     * The homes of volumes that are being created, under temporary names. Reading these first and
     * then {@link #all} misses no volume that is published meanwhile.
     */
    default List<VolumeHome> unfinished() {
      return List.of();
    }

    /** Where the volume's data is visible now; empty if it must be mounted first. */
    default Optional<Path> data(VolumeName name) {
      return find(name).map(VolumeHome::data);
    }
  }
}
