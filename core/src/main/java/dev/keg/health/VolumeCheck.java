package dev.keg.health;

import dev.keg.attachment.MountTable.MountPoint;
import dev.keg.backup.drill.ScratchVolume;
import dev.keg.copying.DeadCopies;
import dev.keg.driver.Disks;
import dev.keg.driver.Resizes;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Services;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.SnapshotRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.tuning.KeptTuning;
import dev.keg.usage.TreeScan;
import dev.keg.usage.TreeScans;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks that a volume's data is complete. */
final class VolumeCheck {
  private final Services services;
  private final TreeScans scans;

  VolumeCheck(Services services, TreeScans scans) {
    this.services = services;
    this.scans = scans;
  }

  List<Finding> of(Volume volume, List<MountPoint> mounts) {
    List<Finding> findings = new ArrayList<>();
    String name = volume.name().text();
    VolumeHome home = services.home(volume.name());
    if (ArchivedVolume.isIn(home)) {
      return archived(name, home).stream().toList();
    }
    interrupted(volume, home).ifPresent(findings::add);
    if (ScratchVolume.isLeft(volume.name(), home)) {
      findings.add(
          new Finding(
              name, "was left by a drill that was killed", "it takes space", "keg rm " + name));
    }
    MoveCheck moves = new MoveCheck(services);
    moves.returning(volume).ifPresent(findings::add);
    findings.addAll(moves.brokenOff(volume));
    tuning(volume).ifPresent(findings::add);
    findings.addAll(snapshots(volume));
    try {
      Optional<VolumeDriver> driver = services.available(volume);
      if (driver.isPresent()) {
        Storage storage = driver.get().storage(volume, home);
        findings.addAll(
            storage.missing()
                ? List.of(missing(name, storage.path()))
                : data(volume, driver.get(), storage, mounts));
      }
    } catch (VolumeException e) {
      findings.add(Finding.unreadable(name, e));
    }
    return findings;
  }

  private List<Finding> data(
      Volume volume, VolumeDriver driver, Storage storage, List<MountPoint> mounts) {
    VolumeHome home = services.home(volume.name());
    // First, since this fails where reading would wait forever for a server.
    Footprint footprint = driver.footprint(volume, home);
    if (!Files.exists(home.data())) {
      return List.of(missing(volume.name().text(), home.data()));
    }
    List<Finding> findings = new ArrayList<>();
    killedCopies(volume, driver, home, mounts).ifPresent(findings::add);
    killedBackup(volume, driver, home).ifPresent(findings::add);
    boolean own =
        driver.alwaysVisible(volume)
            ? storage.capacity().isPresent()
            : isMounted(volume.name(), driver.mountpoint(volume, home), mounts);
    if (own && footprint instanceof Footprint.Tree(Path tree)) {
      findings.addAll(fullness(volume, driver, tree));
    }
    return findings;
  }

  /** Only for a file system or limit of the volume's own; the root's is checked once. */
  private List<Finding> fullness(Volume volume, VolumeDriver driver, Path tree) {
    Optional<TreeScan> opened = scans.open(tree);
    if (opened.isEmpty()) {
      return List.of();
    }
    String name = volume.name().text();
    String resize =
        driver instanceof Resizes ? ", or enlarge it: keg resize " + name + " SIZE" : "";
    try (TreeScan scan = opened.get()) {
      return scan.room()
          .map(new Fullness(name, "it is", "delete files" + resize, "delete or combine files")::of)
          .orElse(List.of());
    }
  }

  private Optional<Finding> tuning(Volume volume) {
    String name = volume.name().text();
    return KeptTuning.damage(services, volume.name())
        .map(
            damage ->
                new Finding(
                    name,
                    String.valueOf(damage.getMessage()),
                    "it is mounted without the settings that were kept for it",
                    "`keg tune --reset %s`, then `keg tune` with the settings".formatted(name)));
  }

  private List<Finding> snapshots(Volume volume) {
    SnapshotRegistry snapshots = services.registry().snapshots();
    List<Finding> findings = new ArrayList<>();
    for (SnapshotName snapshot : snapshots.names(volume.name())) {
      try {
        var _ = snapshots.find(volume.name(), snapshot);
      } catch (VolumeException e) {
        findings.add(
            new Finding(
                volume.name().text(),
                String.valueOf(e.getMessage()),
                "the snapshot can be neither listed nor read",
                "keg snapshot rm %s %s".formatted(volume.name(), snapshot)));
      }
    }
    return findings;
  }

  private Optional<Finding> killedCopies(
      Volume volume, VolumeDriver driver, VolumeHome home, List<MountPoint> mounts) {
    Path data = driver.mountpoint(volume, home);
    if (!driver.alwaysVisible(volume) && !isMounted(volume.name(), data, mounts)) {
      return Optional.empty();
    }
    DeadCopies copies = new DeadCopies(home, data);
    return copies.find().stream()
        .findFirst()
        .map(
            directory ->
                new Finding(
                        volume.name().text(),
                        "has %s, left by a `keg cp` that was killed"
                            .formatted(directory.getFileName()),
                        "it takes space in the volume",
                        "remove it")
                    .repairedBy(copies::remove));
  }

  private static Optional<Finding> killedBackup(
      Volume volume, VolumeDriver driver, VolumeHome home) {
    if (!(driver instanceof Disks disks)) {
      return Optional.empty();
    }
    return disks
        .abandonedCopy(volume, home)
        .map(
            copy ->
                new Finding(
                        volume.name().text(),
                        "has %s, left by a `keg backup --qmp` or `keg restore` that was killed"
                            .formatted(copy),
                        "it takes space beside the disk",
                        "remove it")
                    .repairedBy(() -> disks.removeAbandonedCopy(volume, home)));
  }

  // The mount table contains no symbolic links, but the path of the root may.
  private boolean isMounted(VolumeName name, Path data, List<MountPoint> mounts) {
    Path volumes = services.registry().layout().volumes(name);
    return data.startsWith(volumes)
        && mounts.stream().anyMatch(mount -> mount.target().endsWith(volumes.relativize(data)));
  }

  /** Whether its repository exists; `keg verify` checks the content. */
  private static Optional<Finding> archived(String name, VolumeHome home) {
    try {
      return ArchivedVolume.read(home)
          .map(ArchivedVolume::repository)
          // Only a directory can be checked.
          .filter(text -> !text.contains("://"))
          .filter(text -> !Files.isDirectory(home.path().getFileSystem().getPath(text)))
          .map(text -> lost(name, text));
    } catch (VolumeException e) {
      return Optional.of(Finding.unreadable(name, e));
    }
  }

  private static Finding lost(String name, String repository) {
    return new Finding(
            name,
            "is archived in %s, which is missing".formatted(repository),
            "its data is nowhere else",
            "mount the disk that it is on, or put it back")
        .critical();
  }

  private static Finding missing(String name, Path part) {
    return new Finding(
            name,
            part + " is missing",
            "the volume cannot be mounted",
            "put it back, or: keg restore --replace " + name)
        .critical();
  }

  private static Optional<Finding> interrupted(Volume volume, VolumeHome home) {
    String name = volume.name().text();
    try {
      RestoreJournal.requireWhole("check", volume.name(), home);
      return Optional.empty();
    } catch (VolumeException e) {
      return Optional.of(
          new Finding(
                  name,
                  "a restore was interrupted",
                  "the volume is neither mounted nor backed up until the restore is complete",
                  e.hint().orElse("keg restore --undo " + name))
              .critical());
    }
  }
}
