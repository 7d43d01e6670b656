package dev.keg.driver;

import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * Creates volumes and makes their data visible. The core calls every method with the volume's lock
 * held. Between commands, a driver keeps state only in the volume's home. A driver that can do more
 * implements {@link Resizes}, {@link Compacts}, {@link Clones}, {@link ClosesFiles}, {@link
 * Discovers}, {@link Freezes}, {@link Renders}, {@link Disks}, {@link Adopts}, {@link Examines},
 * {@link HasDevices} or {@link KnowsHolders}.
 */
public interface VolumeDriver {
  /**
   * Refuses options that cannot work, before anything is changed. Called once per create.
   *
   * @throws dev.keg.error.InvalidInput.InvalidOption naming the option
   */
  void validate(DriverOptions options);

  /**
   * Fills the home, an empty directory that nobody else sees yet. If this fails, the core removes
   * the home with its content; the driver must undo only its changes outside of the home.
   */
  void create(CreateRequest request);

  /**
   * Deletes what {@link #create} made outside of the home, if the volume cannot be published. Does
   * nothing if the home is gone. The core removes the home afterwards.
   */
  default void takeBack(Volume volume, VolumeHome home) {}

  /**
   * Whether a killed {@link #create} leaves something outside of the home that {@link #takeBack}
   * finds by the volume's id, at whatever point it was killed. The next command then calls it.
   */
  default boolean leavesTraces(Volume volume) {
    return false;
  }

  /**
   * Undoes what {@link #create} did outside of the home. The core removes the home afterwards.
   * Called again after a failure, so what is already gone is not an error.
   */
  void remove(Volume volume, VolumeHome home);

  /**
   * Makes the data visible on the host and returns its path. Called for each holder and again after
   * a crash, so data that is already visible is not an error.
   */
  Path mount(MountRequest request);

  /** Undoes {@link #mount}; a volume that is not mounted is not an error. */
  void unmount(Volume volume, VolumeHome home);

  /**
   * Gives an empty directory, which will replace data that is {@link #alwaysVisible}, the same
   * limit as the data.
   *
   * @param linked whether files of the data are linked into it
   */
  default void limitSuccessor(Volume volume, VolumeHome home, Path directory, boolean linked) {}

  /** Reverts {@link #limitSuccessor}, since the directory is about to be deleted. */
  default void unlimit(Volume volume, VolumeHome home, Path directory) {}

  /** Where {@link #mount} makes, or would make, the data visible. */
  default Path mountpoint(Volume volume, VolumeHome home) {
    return home.data();
  }

  /** Whether the data is visible without {@link #mount}, as in a plain directory. */
  default boolean alwaysVisible(Volume volume) {
    return false;
  }

  /** The volumes whose data must be visible before this one is mounted. */
  default List<VolumeName> builtOn(Volume volume) {
    return List.of();
  }

  /** Whether the data is on a server, where every host with access sees the same. */
  default boolean isOnServer(Volume volume) {
    return false;
  }

  /** Whether the data survives {@link #unmount}; data in memory does not. */
  default boolean lasts(Volume volume) {
    return true;
  }

  /**
   * How the volume is stored. Called for each volume of a list that shows it, so it mounts nothing
   * and reads at most the beginning of a disk; unknown facts are left out.
   */
  default Storage storage(Volume volume, VolumeHome home) {
    return Storage.directory(mountpoint(volume, home));
  }

  /**
   * What to measure to determine how much the volume holds, mounted or not. Fails at once if the
   * data is on a server that does not answer.
   */
  default Footprint footprint(Volume volume, VolumeHome home) {
    return new Footprint.Tree(home.data());
  }

  /** What {@code inspect} shows as {@code Status}; empty if there is nothing to show. */
  default SortedMap<String, String> status(Volume volume, VolumeHome home) {
    return Collections.emptySortedMap();
  }

  /**
   * {@code global} if the volume is the same on all hosts that have the driver, else {@code local}.
   */
  default String scope(Volume volume, VolumeHome home) {
    return "local";
  }

  /** What takes up a volume's space. */
  sealed interface Footprint {
    /** The files in a directory. */
    record Tree(Path directory) implements Footprint {}

    /** A file with a file system or a disk that cannot be read now: its allocated blocks. */
    record Image(Size allocated) implements Footprint {}
  }
}
