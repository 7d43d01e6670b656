package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.Optional;

/** A driver that can snapshot the data of volumes that it has to mount. */
public interface Snapshots {
  /**
   * Fills the snapshot's home, an empty directory that nobody else sees yet, so that {@link Clones}
   * and {@link #show} find there what they find in a volume's home. Writers wait meanwhile. If this
   * fails, the core removes the home.
   */
  void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot);

  /**
   * Whether the volume's server keeps its snapshots, which share data there and take no space here.
   * The home then has only a note.
   */
  default boolean areOnServer(Volume volume) {
    return false;
  }

  /** Whether the server could not keep this snapshot after all, so that its data is in the home. */
  default boolean isCopied(Volume volume, VolumeHome snapshot) {
    return false;
  }

  /** Whether the server takes a consistent snapshot while anybody writes. */
  default boolean canBeMountedMeanwhile(Volume volume) {
    return false;
  }

  /**
   * Deletes what {@link #snapshot} created outside of the home, even partially; missing parts are
   * not an error. The core removes the home afterwards.
   */
  default void discard(Volume volume, VolumeHome snapshot) {}

  /**
   * Shows the data of a snapshot, whose home is in the request, privately and read-only. Several
   * commands may do so at once. A mount made from it stays until it is unmounted, even after this
   * is closed.
   */
  Shown show(MountRequest request);

  /** Why {@link #show} cannot show the snapshot in this home; empty if it can. */
  default Optional<String> whyNotShown(Volume volume, VolumeHome snapshot) {
    return Optional.empty();
  }

  /** The visible data of a snapshot; it disappears when it is closed or its process ends. */
  interface Shown extends AutoCloseable {
    Path data();

    @Override
    void close();
  }
}
