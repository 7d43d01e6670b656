package dev.keg.registry;

import dev.keg.error.VolumeException;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Lists and describes the volumes: from the files of one root, or a store that several hosts share.
 * Changing a volume requires its lock on this host.
 */
public interface Catalog {
  /** Where a volume can be used. */
  enum UsableOn {
    /** Only on the host that has its data. */
    ITS_HOST,
    /** On every host, because the data is on a server. */
    EVERY_HOST
  }

  /** A holder of a volume on another host, described by that host. */
  record Elsewhere(String host, String document) {}

  Optional<Volume> find(VolumeName name);

  /** Every volume in docker's order; damaged ones with the reason. */
  List<RegistryEntry> list();

  /**
   * Whether a volume with this id exists. Before data is deleted for lack of one: fails if that
   * cannot be determined now.
   */
  default boolean has(VolumeId id) {
    return list().stream()
        .anyMatch(
            entry ->
                entry instanceof RegistryEntry.Intact(Volume volume)
                    && volume.details().id().equals(id));
  }

  /** The names in docker's order; the volumes themselves are not opened. */
  List<VolumeName> names();

  /** A volume whose home is complete but not published. */
  record Staged(Volume volume, VolumeHome home, UsableOn usableOn) {}

  /** Publishes a staged home as a volume. */
  void publish(Volume volume, VolumeHome staged, UsableOn usableOn);

  /** Publishes staged homes; returns why some are still staged. */
  default Map<Staged, VolumeException> publishAll(List<Staged> all) {
    Map<Staged, VolumeException> failures = new LinkedHashMap<>();
    for (Staged one : all) {
      try {
        publish(one.volume(), one.home(), one.usableOn());
      } catch (VolumeException e) {
        failures.put(one, e);
      }
    }
    return failures;
  }

  /**
   * Changes a volume's description.
   *
   * @param read the description that the command read
   * @param change is applied to the current description, so changes by others are preserved
   */
  void replace(Volume read, UnaryOperator<Volume> change);

  /**
   * The volume as this host created and described it. Automatic work on data relies only on this,
   * never on another host's record. Empty if another host created it.
   */
  default Optional<Volume> own(Volume volume) {
    return Optional.of(volume);
  }

  /** {@link #own} for all volumes, for automatic work; includes damaged ones. */
  default List<RegistryEntry> ownList() {
    return list().stream()
        .<RegistryEntry>mapMulti(
            (entry, own) -> {
              switch (entry) {
                case RegistryEntry.Intact(Volume volume) ->
                    own(volume).map(RegistryEntry.Intact::new).ifPresent(own);
                case RegistryEntry.Broken broken -> own.accept(broken);
              }
            })
        .toList();
  }

  /** Renames the volume to a free name. */
  void rename(VolumeName from, VolumeName to);

  /**
   * Hides a volume from the other hosts before its data is deleted; {@link #remove} or {@link
   * #offer} follows.
   */
  default void withdraw(VolumeName name) {}

  /** Reverts {@link #withdraw}. */
  default void offer(VolumeName name) {}

  /** Removes volumes and their homes. */
  void remove(Collection<VolumeName> names, Size size);

  /** Removes a volume and its data outside of the root. */
  void remove(VolumeName name, Path data);

  /** Whether this host can access the data of the volume. */
  default boolean isHere(Volume volume) {
    return true;
  }

  /**
   * Prepares a volume for an operation on this host.
   *
   * @throws dev.keg.error.RegistryException.OnOtherHost if its data is on another host
   * @throws dev.keg.error.RegistryException.NotAccepted if another host defined its options, and
   *     they may refer to this host
   */
  default void requireHere(String operation, Volume volume) {}

  /** Creates the home where this host mounts a volume from a server, if it is missing. */
  default void prepareHome(Volume volume) {}

  /**
   * Adopts the driver and options that another host chose for this host as well, if they are what
   * the operator wants; returns the volume as it is used here.
   */
  default Volume accept(Volume existing, Options wanted) {
    return existing;
  }

  /**
   * Frees the home of a name for another volume, if a volume on a server left it.
   *
   * @throws dev.keg.error.RegistryException.NotRegistered if it may belong to somebody
   */
  default void clearHome(String operation, VolumeName name) {}

  /** The holders of the volume on other hosts. */
  default List<Elsewhere> heldElsewhere(VolumeName name) {
    return List.of();
  }

  /** Notes that the holders on this host are about to change. */
  default void changing(VolumeName name) {}

  /**
   * Tells the other hosts about a holder, after {@link #changing} and before the holder's file is
   * written.
   *
   * @throws dev.keg.error.HolderException.InUse if a holder on another host excludes it
   */
  default void hold(VolumeName name, String file, byte[] document) {}

  /** Ends {@link #changing} after the file of a new holder was written. */
  default void held(VolumeName name) {}

  /** Ends {@link #changing} after the files of holders were deleted, and tells the other hosts. */
  default void released(VolumeName name) {}

  /** Prepares the catalog for changes, once per command: completes what killed commands began. */
  default void open() {}
}
