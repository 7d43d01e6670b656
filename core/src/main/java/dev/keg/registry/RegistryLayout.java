package dev.keg.registry;

import dev.keg.registry.pool.Place;
import dev.keg.registry.pool.Places;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;

/** The paths of everything below the root. No other class builds them. */
public record RegistryLayout(Path root) {
  static final String VOLUME_FILE = "volume.json";

  /** Below a volume's home: its snapshots. */
  public static final String SNAPSHOTS = "snapshots";

  /** A file in a removed home: names the data outside the root that was removed with it. */
  static final String REMOVED_DATA = "removed-data";

  /** Marks a root and has the schema of everything in it. */
  public Path marker() {
    return root.resolve("keg.json");
  }

  /** The directory of volumes that are in no pool. */
  public Path volumes() {
    return places().own().volumes();
  }

  /** The directory that contains the volume's home. */
  public Path volumes(VolumeName name) {
    return places().of(name).volumes();
  }

  /** The root and its pools. */
  public Places places() {
    return new Places(root);
  }

  /** The volume's home, in the root or in a pool, which must be available. */
  public VolumeHome home(VolumeName name) {
    return places().of(name).home(name);
  }

  /**
   * Whether a mount on the path would hide something that belongs to Keg. A path inside a volume's
   * data belongs to the volume's user.
   */
  public boolean isHiddenBy(Path site) {
    return isHiddenBy(site, places().own())
        || places().pools().stream().anyMatch(pool -> isHiddenBy(site, pool.place()));
  }

  private static boolean isHiddenBy(Path site, Place place) {
    Path directory = place.directory();
    return directory.startsWith(site)
        || (site.startsWith(directory) && !isInData(site, place.volumes()));
  }

  private static boolean isInData(Path site, Path volumes) {
    int names = volumes.getNameCount();
    if (!site.startsWith(volumes) || site.getNameCount() <= names) {
      return false;
    }
    Path data = new VolumeHome(volumes.resolve(site.getName(names))).data();
    return site.startsWith(data) && !site.equals(data);
  }

  Path volumeFile(VolumeHome home) {
    return home.file(VOLUME_FILE);
  }

  /** One file for each holder of the volume. */
  public Path attachments(VolumeHome home) {
    return home.file("attachments");
  }

  /** One directory for each snapshot of the volume. */
  public Path snapshots(VolumeHome home) {
    return home.file(SNAPSHOTS);
  }

  /** Marks a home on a shared registry's host whose data is on a server. */
  public Path onServer(VolumeHome home) {
    return home.file("on-server");
  }

  /** What this host remembers of the backups that it made. */
  public Path written(VolumeHome home) {
    return home.file("written");
  }

  /** The progress of a restore. */
  public static Path restoreJournal(VolumeHome home) {
    return home.file("restore.json");
  }

  /** The machines that had the volume before. */
  public Path history(VolumeHome home) {
    return home.file("history.json");
  }

  /** The operator's settings below the volume. */
  public Path tuning(VolumeHome home) {
    return home.file("tuning.json");
  }

  /** The settings of volumes on devices of their own; a file for each device and setting. */
  public Path tuned() {
    return root.resolve("tuned");
  }

  /** The notes of what backups have stopped and not yet started again. */
  public Path stopped() {
    return root.resolve("stopped");
  }

  /** The volumes of each machine. */
  public Path machines() {
    return root.resolve("machines");
  }

  /** The mounts of each container, written before the first one is made. */
  public Path containers() {
    return root.resolve("containers");
  }

  /** The policies, which the operator writes. */
  public Path policy() {
    return root.resolve("policy.json");
  }

  /** The default options of this root's commands. */
  public Path config() {
    return root.resolve("config.json");
  }

  /** The repositories that volumes were backed up to. */
  public Path repositories() {
    return root.resolve("repositories.json");
  }

  /** The last known state of encrypted repositories. */
  public Path seen() {
    return root.resolve("seen.json");
  }

  /** Copies of records in repositories on other machines; they may be deleted at any time. */
  public Path records() {
    return root.resolve("records");
  }

  /** The shared registry that the root is part of, and this host's id there. */
  public Path membership() {
    return root.resolve("shared.json");
  }

  /** This host's last copy of a shared registry; it may be deleted at any time. */
  public Path cache() {
    return root.resolve("cache");
  }

  /** The unfinished changes of commands to a shared registry; a file for each volume. */
  public Path pending() {
    return root.resolve("pending");
  }

  /** Unfinished files of the root itself. */
  Path staging() {
    return places().own().staging();
  }

  /** Removed files that wait for deletion. */
  Path trash() {
    return places().own().trash();
  }

  Path locks() {
    return root.resolve("locks");
  }
}
