package dev.keg.driver;

import dev.keg.volume.DataSize;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;

/**
 * Makes volumes and makes their data visible. The core calls every method with the volume's lock
 * held; a driver keeps no state of its own between commands but what lies in the volume's home.
 * What a driver can do beyond this it says by implementing {@link Resizes}, {@link Compacts},
 * {@link Clones}, {@link Freezes} or {@link Renders}.
 */
public interface VolumeDriver {
  /**
   * Refuses options that cannot work, before anything is touched. Called once for each create.
   *
   * @throws dev.keg.error.InvalidInput.InvalidOption naming the option
   */
  void validate(DriverOptions options);

  /**
   * Fills the home, which is an empty directory that nobody else sees yet. If this fails, the core
   * removes the directory and all that is in it; the driver has to undo only what lies elsewhere.
   */
  void create(CreateRequest request);

  /**
   * Takes back what {@link #create} did outside the home. The core removes the home afterwards.
   * Called again after a failure, so what is already gone is no error.
   */
  void remove(Volume volume, VolumeHome home);

  /**
   * Makes the data visible on the host and says where. Called for each holder, and again after a
   * crash: what is visible already is no error.
   */
  Path mount(MountRequest request);

  /** Takes down what {@link #mount} set up; nothing to take down is no error. */
  void unmount(Volume volume, VolumeHome home);

  /** Where {@link #mount} makes, or would make, the data visible. */
  default Path mountpoint(Volume volume, VolumeHome home) {
    return home.data();
  }

  /** Whether the data is visible without {@link #mount}, as a plain directory's is. */
  default boolean alwaysVisible(Volume volume) {
    return false;
  }

  /** Whether the data is still there after {@link #unmount}; in memory it is not. */
  default boolean lasts(Volume volume) {
    return true;
  }

  /** How much data the volume holds, mounted or not. */
  default Size usage(Volume volume, VolumeHome home) throws IOException {
    return DataSize.of(home.data());
  }

  /** What {@code inspect} shows as {@code Status}; empty where there is nothing to say. */
  default SortedMap<String, String> status(Volume volume, VolumeHome home) {
    return Collections.emptySortedMap();
  }
}
