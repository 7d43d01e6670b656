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
 * Says which volumes there are and describes them: the files of one root, or a store that several
 * hosts share. Whoever changes a volume holds its lock on this host.
 */
public interface Catalog {
  /** Where a volume can be used. */
  enum Reach {
    /** On the host that has its data. */
    ITS_HOST,
    /** On every host: the data is on a server that all reach. */
    EVERY_HOST
  }

  /** A holder of a volume on another host, in the words of that host. */
  record Elsewhere(String host, String document) {}

  Optional<Volume> find(VolumeName name);

  /** Every volume in docker's order; damaged ones with the reason. */
  List<RegistryEntry> list();

  /**
   * Whether there is a volume with this id, for who deletes its data if there is none: fails if
   * that is not known at the moment.
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

  /** A volume whose home is complete, and that nobody sees yet. */
  record Staged(Volume volume, VolumeHome home, Reach reach) {}

  /** Makes a volume of a staged home. */
  void publish(Volume volume, VolumeHome staged, Reach reach);

  /** Makes volumes of staged homes; returns why some are still staged. */
  default Map<Staged, VolumeException> publishAll(List<Staged> all) {
    Map<Staged, VolumeException> failures = new LinkedHashMap<>();
    for (Staged one : all) {
      try {
        publish(one.volume(), one.home(), one.reach());
      } catch (VolumeException e) {
        failures.put(one, e);
      }
    }
    return failures;
  }

  /**
   * Changes a volume's description.
   *
   * @param read as the command read it
   * @param change is applied to what is known now, so what others have changed stays
   */
  void replace(Volume read, UnaryOperator<Volume> change);

  /**
   * The volume as this host made and described it: by that, and by no other host's word, goes what
   * happens to data unasked. Empty if another host made it.
   */
  default Optional<Volume> own(Volume volume) {
    return Optional.of(volume);
  }

  /** What is {@link #own} of all volumes, for what happens unasked; also the damaged ones. */
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
   * Takes a volume from the other hosts before its data is deleted; {@link #remove} follows, or
   * {@link #offer}.
   */
  default void withdraw(VolumeName name) {}

  /** Takes {@link #withdraw} back. */
  default void offer(VolumeName name) {}

  /** Removes volumes and their homes. */
  void remove(Collection<VolumeName> names, Size size);

  /** Removes a volume and its data outside of the root. */
  void remove(VolumeName name, Path data);

  /** Whether this host reaches the data of the volume. */
  default boolean isHere(Volume volume) {
    return true;
  }

  /**
   * Prepares a volume for an operation on this host.
   *
   * @throws dev.keg.error.RegistryException.OnOtherHost if its data is on another one
   * @throws dev.keg.error.RegistryException.NotAccepted if its options may name something of this
   *     host, on the word of another one
   */
  default void requireHere(String operation, Volume volume) {}

  /**
   * Makes the place where this host mounts a volume whose data is on a server, if it is missing.
   */
  default void prepareHome(Volume volume) {}

  /**
   * Takes the driver and the options that another host chose for those of this one, too, if they
   * are those that the operator wants; returns the volume as it is used here.
   */
  default Volume accept(Volume existing, Options wanted) {
    return existing;
  }

  /**
   * Makes the place of a volume free for another one, if what is there was left by one that is on a
   * server.
   *
   * @throws dev.keg.error.RegistryException.NotRegistered if it may be somebody's
   */
  default void clearHome(String operation, VolumeName name) {}

  /** Who holds the volume on other hosts. */
  default List<Elsewhere> heldElsewhere(VolumeName name) {
    return List.of();
  }

  /** Notes that the holders of this host are about to change. */
  default void changing(VolumeName name) {}

  /**
   * Tells the other hosts of a holder, after {@link #changing} and before the holder's file is
   * written.
   *
   * @throws dev.keg.error.HolderException.InUse if a holder on another host excludes it
   */
  default void hold(VolumeName name, String file, byte[] document) {}

  /** Ends {@link #changing} when the file of a new holder is written. */
  default void held(VolumeName name) {}

  /** Ends {@link #changing} when the files of holders are gone: tells the other hosts. */
  default void released(VolumeName name) {}

  /** Prepares the catalog for changes, once a command: completes what killed commands began. */
  default void open() {}
}
