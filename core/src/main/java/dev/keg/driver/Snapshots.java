package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.Optional;

/** A driver that can keep the data of a volume that it has to mount, as it is at one moment. */
public interface Snapshots {
  /**
   * Fills the snapshot's home, an empty directory that nobody else sees yet, so that {@link Clones}
   * and {@link #show} find there what they find in a volume's home. Writers wait meanwhile. If this
   * fails, the core removes the home.
   */
  void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot);

  /**
   * Whether the volume's server keeps its snapshots, which share their data there and take no room
   * here. The home has only a note then.
   */
  default boolean areOnServer(Volume volume) {
    return false;
  }

  /** Whether the server could not keep this one after all, so that its data is in the home. */
  default boolean isCopied(Volume volume, VolumeHome snapshot) {
    return false;
  }

  /** Whether the server makes a snapshot at one moment while anybody writes. */
  default boolean canBeMountedMeanwhile(Volume volume) {
    return false;
  }

  /**
   * Deletes what {@link #snapshot} made outside of the home, however far it had come; what is gone
   * is fine. The core removes the home afterwards.
   */
  default void discard(Volume volume, VolumeHome snapshot) {}

  /**
   * Shows the data of a snapshot, whose home the request has, where nobody else sees it and nobody
   * can write to it. Several commands may do so at once. Who mounts it somewhere before it is
   * closed sees it there until it is unmounted.
   */
  Shown show(MountRequest request);

  /** Why {@link #show} cannot show the snapshot in this home; empty if it can. */
  default Optional<String> whyNotShown(Volume volume, VolumeHome snapshot) {
    return Optional.empty();
  }

  /** The visible data of a snapshot; gone when it is closed, or its process has ended. */
  interface Shown extends AutoCloseable {
    Path data();

    @Override
    void close();
  }
}
