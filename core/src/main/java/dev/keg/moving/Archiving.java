package dev.keg.moving;

import dev.keg.backup.archive.Exclusions;
import dev.keg.backup.browse.BackupTree;
import dev.keg.backup.browse.Browsing;
import dev.keg.backup.browse.Change;
import dev.keg.backup.browse.DirectoryTree;
import dev.keg.backup.browse.TreeDifference;
import dev.keg.backup.replica.RepositoryDestination;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.retention.RestorePoint;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.SaveListener;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.SaveRequest.Content;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.driver.Disks;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.BackupException.BackupDamaged;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.moving.Moving.Moved;
import dev.keg.moving.Relocating.Hold;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.SnapshotRegistry;
import dev.keg.registry.pool.ArrivingCopy;
import dev.keg.snapshot.Snapshotting;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileTree;
import dev.keg.tree.PartialTree;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Saves the data of a volume in a repository, as an ordinary backup. */
record Archiving(BackupContext context, Archives archives, TreeListener listener) {
  private static final String OPERATION = "move";

  /** The files of a volume besides its data. */
  private static final Set<String> BESIDE =
      Set.of("volume.json", "attachments", "history.json", "tuning.json", "written");

  /** Saves the volume while it is in use, then the changes, and removes its data. */
  Moved archive(
      MoveRequest request, Volume volume, ArrivingCopy copy, Transfer transfer, Hold hold) {
    String repository =
        context.registry().layout().places().repository(copy.place().pool()).orElseThrow();
    requireArchivable(request, volume);
    VolumeName name = volume.name();
    // Measured as for rules: the size on disk differs from that in a backup.
    Size size = context.volumes().usage(volume);
    long before = save(name, request(volume, Set.of()), repository).stored().bytes();
    return hold.run(
        () -> {
          requireNothingBeside(request, volume); // a snapshot may have been taken meanwhile
          Saved last = saveLast(volume, repository);
          try (FileTree home = context.trees().read(context.home(volume).path())) {
            var _ = transfer.pass(new PartialTree(home, TreePath.ROOT, Archiving::isData));
          }
          String id = last.backup().orElseThrow().text();
          new ArchivedVolume(repository, id, size).writeInto(copy.home());
          removeSnapshots(name); // last, since they would be lost even if the rest failed
          return before + last.stored().bytes();
        });
  }

  private void requireArchivable(MoveRequest request, Volume volume) {
    String name = volume.name().text();
    VolumeDriver driver = context.driver(OPERATION, volume);
    Path place = context.volumes().overview(volume).path();
    VolumeHome home = context.home(volume);
    // A mount on the data's directory stores its data elsewhere.
    boolean elsewhere = !driver.alwaysVisible(volume) && place.equals(home.data());
    boolean own = place.startsWith(home.path()) && !elsewhere && !driver.isOnServer(volume);
    if (!own || !driver.lasts(volume)) {
      throw new MoveFailed(name, "its data is not in this root, so it cannot be archived", null);
    }
    requireNothingBeside(request, volume);
  }

  private void requireNothingBeside(MoveRequest request, Volume volume) {
    VolumeName name = volume.name();
    boolean disk = context.driver(OPERATION, volume) instanceof Disks;
    if (!disk && new Restoring(context, OPERATION).canUndo(name)) {
      throw new MoveFailed(
          name.text(),
          "it has data that its last restore replaced, and an archive does not keep that",
          "`keg restore --discard %s` deletes that".formatted(name));
    }
    List<SnapshotName> snapshots = kept(request, volume);
    if (!snapshots.isEmpty()) {
      throw new MoveFailed(
          name.text(),
          "it has snapshots, which an archive does not keep - " + snapshots,
          "`keg backup %s@%s` saves one, `keg snapshot rm` removes it"
              .formatted(name, snapshots.getFirst()));
    }
  }

  /**
   * The snapshots to keep. A policy that archives a volume deletes the snapshots that it took,
   * unless the volume is protected.
   */
  private List<SnapshotName> kept(MoveRequest request, Volume volume) {
    boolean all =
        !request.byPolicy() || volume.details().protection().holdsAt(context.clock().instant());
    SnapshotRegistry snapshots = context.registry().snapshots();
    return snapshots.names(volume.name()).stream()
        .filter(
            name ->
                all || snapshots.find(volume.name(), name).filter(Snapshot::scheduled).isEmpty())
        .toList();
  }

  /** Refuses a snapshot that is in use. */
  private void removeSnapshots(VolumeName name) {
    Snapshotting snapshots = new Snapshotting(context.services(), context.trees());
    context
        .registry()
        .snapshots()
        .names(name)
        .forEach(snapshot -> snapshots.remove(name.text(), snapshot));
  }

  private static boolean isData(TreePath path) {
    return path.depth() == 1 && !BESIDE.contains(path.name().toString());
  }

  /** Saves what the repository lacks. */
  private Saved save(VolumeName name, SaveRequest request, String location) {
    try (Repository repository = archives.open(name, location)) {
      return new Saving(context, request, saveListener())
          .save(
              name,
              new RepositoryDestination(
                  List.of(repository),
                  archives.origin(),
                  archives.known().written(archives.debug()),
                  archives.debug()));
    }
  }

  /** Requests all of the volume: a disk holds more than its files. */
  private SaveRequest request(Volume volume, Set<String> tags) {
    boolean disk = context.driver(OPERATION, volume) instanceof Disks;
    return new SaveRequest(
        false,
        OptionalInt.empty(),
        Exclusions.of(List.of()),
        disk ? Content.DISK : Content.FILES,
        Optional.empty(),
        Optional.empty(),
        tags,
        archives.threads());
  }

  /**
   * Saves the last changes of a volume that nobody uses, and proves that the backup is complete.
   */
  private Saved saveLast(Volume volume, String location) {
    VolumeName name = volume.name();
    Saved saved = save(name, request(volume, Set.of(RestorePoint.ARCHIVED)), location);
    if (!saved.whole() || !saved.problems().isEmpty()) {
      MoveFailed failure =
          new MoveFailed(
              name.text(),
              "it could not be backed up completely to " + location,
              "run as a user who can read all of it; `keg backup %s` says what is left out"
                  .formatted(name));
      saved.problems().forEach(failure::addSuppressed);
      throw failure;
    }
    prove(volume, location, saved.backup().orElseThrow());
    return saved;
  }

  private void prove(Volume volume, String location, BackupId id) {
    VolumeName name = volume.name();
    try (Repository repository = archives.open(name, location)) {
      Backup backup = Archives.find(repository, name, location, id);
      Check check =
          new Verifying(
                  Level.FULL,
                  context.registry().layout().root(),
                  context.trees(),
                  archives.threads(),
                  context.clock())
              .check(repository, backup);
      if (!check.good()) {
        throw new BackupDamaged(name + " " + id, check.findings());
      }
      requireSame(volume, location, Browsing.open(repository, backup));
    }
  }

  /** Compares every file, byte by byte, with what the repository returns. */
  private void requireSame(Volume volume, String location, BackupTree saved) {
    try (saved;
        OpenSource source = source(volume)) {
      new TreeDifference(saved, new DirectoryTree(volume.name().text(), source.tree()))
          .each(
              TreePath.ROOT,
              change -> {
                if (isLoss(change)) {
                  throw new MoveFailed(
                      volume.name().text(),
                      "%s differs from what was saved in %s".formatted(change.path(), location),
                      "if a program writes to the volume without Keg's knowledge, stop it; then run"
                          + " it again");
                }
              });
    }
  }

  /**
   * Whether the change is a loss; in a backup, only the first name of a file has all of its
   * attributes.
   */
  private static boolean isLoss(Change change) {
    boolean link =
        change.before().filter(file -> file.entry().kind() instanceof HardLink).isPresent();
    return !(link && change.kind() == Change.Kind.ATTRIBUTES);
  }

  private OpenSource source(Volume volume) {
    return context.driver(OPERATION, volume) instanceof Disks
        ? OpenSource.disk(context, volume, () -> {})
        : OpenSource.files(context, volume.name());
  }

  private SaveListener saveListener() {
    return new SaveListener() {
      @Override
      public TreeListener begin(VolumeName volume, Supplier<Size> expected) {
        return listener;
      }

      @Override
      public void warn(VolumeName volume, String text) {
        context.registry().warn("%s: %s".formatted(volume, text));
      }

      @Override
      public void end(VolumeName volume) {}
    };
  }
}
