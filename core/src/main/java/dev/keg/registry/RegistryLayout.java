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

  /** In a removed home: where the data outside the root is that was removed with it. */
  static final String REMOVED_DATA = "removed-data";

  /** Marks a root and names the schema of everything in it. */
  public Path marker() {
    return root.resolve("keg.json");
  }

  /** Where the volumes are that are in no pool. */
  public Path volumes() {
    return places().own().volumes();
  }

  /** The directory in which the volume's own is. */
  public Path volumes(VolumeName name) {
    return places().of(name).volumes();
  }

  /** The root and its pools. */
  public Places places() {
    return new Places(root);
  }

  /** Where the volume is, in the root or in a pool, which must be there. */
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

  /** Says in a home on a shared registry's host that the data is on a server. */
  public Path onServer(VolumeHome home) {
    return home.file("on-server");
  }

  /** What this host knows of the backups that it wrote and cannot read. */
  public Path written(VolumeHome home) {
    return home.file("written");
  }

  /** How far a restore has come. */
  public static Path restoreJournal(VolumeHome home) {
    return home.file("restore.json");
  }

  /** Which machines had the volume before. */
  public Path history(VolumeHome home) {
    return home.file("history.json");
  }

  /** What the operator has set below the volume. */
  public Path tuning(VolumeHome home) {
    return home.file("tuning.json");
  }

  /** What volumes have set on devices of their own; a file for each device and setting. */
  public Path tuned() {
    return root.resolve("tuned");
  }

  /** What backups have stopped and not yet started again. */
  public Path stopped() {
    return root.resolve("stopped");
  }

  /** Which volumes each machine has. */
  public Path machines() {
    return root.resolve("machines");
  }

  /** The mounts of each container, written before the first one is made. */
  public Path containers() {
    return root.resolve("containers");
  }

  /** What Keg does to volumes automatically; the operator writes it. */
  public Path policy() {
    return root.resolve("policy.json");
  }

  /** What holds for the commands of this root where no flag says otherwise. */
  public Path config() {
    return root.resolve("config.json");
  }

  /** The repositories that volumes were backed up to. */
  public Path repositories() {
    return root.resolve("repositories.json");
  }

  /** What was seen last in encrypted repositories. */
  public Path seen() {
    return root.resolve("seen.json");
  }

  /** Which shared registry the root is this host's part of, and as which host. */
  public Path membership() {
    return root.resolve("shared.json");
  }

  /** What this host saw last of a shared registry; may be deleted at any time. */
  public Path cache() {
    return root.resolve("cache");
  }

  /** What commands have begun in a shared registry; a file for each volume. */
  public Path pending() {
    return root.resolve("pending");
  }

  /** What is unfinished of the root itself. */
  Path staging() {
    return places().own().staging();
  }

  /** What is removed and waits to be deleted. */
  Path trash() {
    return places().own().trash();
  }

  Path locks() {
    return root.resolve("locks");
  }
}
