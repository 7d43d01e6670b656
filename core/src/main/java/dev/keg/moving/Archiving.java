package dev.keg.moving;

import dev.keg.backup.replica.RepositoryDestination;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.Creating;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.Exclusions;
import dev.keg.backup.save.SaveListener;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.SaveRequest.Content;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.driver.Disks;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.BackupException.BackupDamaged;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.moving.Moving.Moved;
import dev.keg.moving.Relocating.Hold;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.RegistryLayout;
import dev.keg.tree.FileTree;
import dev.keg.tree.PartialTree;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Labels;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Brings the data of a volume into a repository, as an ordinary backup, and back. What comes back
 * is first a volume of its own, {@code NAME.returning}, whose home then becomes the volume's.
 */
record Archiving(BackupContext context, Archives archives, TreeListener listener) {
  private static final String OPERATION = "move";
  private static final String SUFFIX = ".returning";
  private static final String LABEL = "dev.keg.returning";

  /** What a volume has beside its data. */
  private static final Set<String> BESIDE =
      Set.of("volume.json", "attachments", "history.json", "tuning.json", "written");

  /** Leaves room for the rest of the name. */
  private static final int LONGEST = 200;

  /** Saves the volume while it is in use, then what changed, and leaves its data behind. */
  Moved archive(Volume volume, String repository, VolumeHome copy, Transfer transfer, Hold hold) {
    requireArchivable(volume);
    VolumeName name = volume.name();
    SaveRequest request = request(volume);
    // As rules measure it: what is on a disk and what a backup counts differ.
    Size size = context.volumes().usage(volume);
    long before = save(name, request, repository).stored().bytes();
    return hold.run(
        () -> {
          requireNothingBeside(volume); // A snapshot may have been made meanwhile.
          Saved last = saveLast(name, request, repository);
          try (FileTree home = context.trees().read(context.home(volume).path())) {
            var _ = transfer.pass(new PartialTree(home, TreePath.ROOT, Archiving::isData));
          }
          String id = last.backup().orElseThrow().text();
          new ArchivedVolume(repository, id, size).writeInto(copy);
          return before + last.stored().bytes();
        });
  }

  private void requireArchivable(Volume volume) {
    String name = volume.name().text();
    VolumeDriver driver = context.driver(OPERATION, volume);
    Path place = context.volumes().overview(volume).path();
    VolumeHome home = context.home(volume);
    // What is mounted on the data's directory is somewhere else.
    boolean elsewhere = !driver.alwaysVisible(volume) && place.equals(home.data());
    boolean own = place.startsWith(home.path()) && !elsewhere && !driver.isOnServer(volume);
    if (!own || !driver.lasts(volume)) {
      throw new MoveFailed(name, "its data is not in this root, so it cannot be archived", null);
    }
    requireNothingBeside(volume);
  }

  private void requireNothingBeside(Volume volume) {
    VolumeName name = volume.name();
    boolean disk = context.driver(OPERATION, volume) instanceof Disks;
    if (!disk && new Restoring(context, OPERATION).canUndo(name)) {
      throw new MoveFailed(
          name.text(),
          "it has what its last restore replaced, which an archive does not keep",
          "`keg restore --discard %s` deletes that".formatted(name));
    }
    List<SnapshotName> snapshots = context.registry().snapshots().names(name);
    if (!snapshots.isEmpty()) {
      throw new MoveFailed(
          name.text(),
          "it has snapshots, which an archive does not keep - " + snapshots,
          "`keg backup %s@%s` saves one, `keg snapshot rm` removes it"
              .formatted(name, snapshots.getFirst()));
    }
  }

  private static boolean isData(TreePath path) {
    return path.depth() == 1 && !BESIDE.contains(path.name().toString());
  }

  /** Restores the volume beside itself, and puts that in its place. */
  Moved bringBack(
      Volume volume, ArchivedVolume archived, VolumeHome copy, PoolName pool, Hold hold) {
    requireNothingWritten(volume);
    VolumeName returning = restore(volume, archived, pool);
    try {
      return hold.run(
          () -> {
            try (var _ = context.registry().lock().lock(returning)) {
              requireUnused(volume, returning);
              context.registry().relocations().adopt(returning, copy);
            }
            keep(context.home(volume), copy);
            return archived.size().bytes();
          });
    } catch (RuntimeException e) {
      try {
        remove(volume, returning);
      } catch (VolumeException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  /** A container engine makes a directory that it is told to mount, and what is in it stays. */
  private void requireNothingWritten(Volume volume) {
    Path data = context.home(volume).data();
    boolean empty =
        !Files.isDirectory(data, LinkOption.NOFOLLOW_LINKS)
            || FileFailures.translate("list", data, () -> DirectoryEntries.of(data)).isEmpty();
    if (!empty) {
      throw new MoveFailed(
          volume.name().text(),
          "somebody has written to %s, which is in no backup".formatted(data),
          "move that away");
    }
  }

  /** It is in the list, so others may have taken it, or its name, meanwhile. */
  private void requireUnused(Volume volume, VolumeName returning) {
    Volume made = context.registry().get(OPERATION, returning);
    if (!isFor(volume, made)) {
      throw new MoveFailed(
          volume.name().text(), returning + " is another volume meanwhile", "rename that");
    }
    context.volumes().release(OPERATION, made);
  }

  /** What the volume had beside its data. */
  private void keep(VolumeHome home, VolumeHome copy) {
    RegistryLayout layout = context.registry().layout();
    FileFailures.run(
        "move",
        copy.path(),
        () -> {
          for (Path file : List.of(layout.history(home), layout.tuning(home))) {
            if (Files.exists(file)) {
              Path kept = copy.path().resolve(home.path().relativize(file));
              Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
            }
          }
        });
  }

  /** Saves what the repository does not have yet. */
  private Saved save(VolumeName name, SaveRequest request, String location) {
    try (Repository repository = open(name, location)) {
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

  /** What is not trusted could not bring all of the volume back. */
  private Repository open(VolumeName name, String location) {
    Repository repository = archives.repositories().open(location);
    if (!archives.known().trusts(location, repository)) {
      repository.close();
      throw new MoveFailed(
          name.text(), "this root does not trust " + location, "keg repo trust " + location);
    }
    return repository;
  }

  /** All of the volume: a disk has more than the files on it. */
  private SaveRequest request(Volume volume) {
    boolean disk = context.driver(OPERATION, volume) instanceof Disks;
    return new SaveRequest(
        false,
        OptionalInt.empty(),
        Exclusions.of(List.of()),
        disk ? Content.DISK : Content.FILES,
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        archives.threads());
  }

  /** Saves the last of a volume that nobody uses, and proves that all of it is in the backup. */
  private Saved saveLast(VolumeName name, SaveRequest request, String location) {
    Saved saved = save(name, request, location);
    if (!saved.whole() || !saved.problems().isEmpty()) {
      MoveFailed failure =
          new MoveFailed(
              name.text(),
              "not all of it could be saved in " + location,
              "run as a user who can read all of it; `keg backup %s` says what is left out"
                  .formatted(name));
      saved.problems().forEach(failure::addSuppressed);
      throw failure;
    }
    prove(name, location, saved.backup().orElseThrow());
    return saved;
  }

  private void prove(VolumeName name, String location, BackupId id) {
    try (Repository repository = open(name, location)) {
      Backup backup = find(repository, name, location, id);
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
    }
  }

  private static Backup find(Repository repository, VolumeName name, String location, BackupId id) {
    return repository.list(name).find(id).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new MoveFailed(
                    name.text(),
                    "%s has no backup %s any more".formatted(location, id),
                    "`keg restore --from` takes another; `keg rm %s` gives the archived one up"
                        .formatted(name)));
  }

  /** Makes a volume with the data in that pool, whose home is to become the volume's. */
  private VolumeName restore(Volume volume, ArchivedVolume archived, PoolName pool) {
    VolumeName name = returning(volume);
    try (Repository repository = open(volume.name(), archived.repository())) {
      Backup backup =
          find(repository, volume.name(), archived.repository(), new BackupId(archived.backup()));
      try (RestoreSource source = RestoreSource.of(repository, backup.record(), true)) {
        restore(volume, name, source, pool);
      }
    }
    return name;
  }

  private void restore(Volume volume, VolumeName name, RestoreSource source, PoolName pool) {
    RestoreRequest request =
        new RestoreRequest(
            name, Optional.empty(), Mode.EMPTY, true, false, true, true, archives.threads());
    Labels labels = Labels.NONE.with(LABEL, volume.details().id().text());
    if (source.volume().filter(Volume::holdsDisk).isPresent()) {
      new Restoring(context, OPERATION)
          .create(source, request, labels.with(Labels.POOL, pool.text()), listener);
    } else {
      VolumeRequest made =
          new VolumeRequest(name, volume.driver(), volume.options(), labels, Ownership.DEFAULT)
              .in(Optional.of(pool));
      var _ = new Creating(context).create(made, source, request, listener);
    }
  }

  /** Its name, which what a killed command left of it has no longer. */
  private VolumeName returning(Volume volume) {
    String text = volume.name().text();
    VolumeName name = new VolumeName(text.substring(0, Math.min(LONGEST, text.length())) + SUFFIX);
    Optional<Volume> left = context.registry().find(name);
    if (left.isPresent()) {
      if (!isFor(volume, left.get())) {
        throw new MoveFailed(
            text,
            "volume %s has the name under which it comes back".formatted(name),
            "rename that");
      }
      remove(volume, name);
    }
    return name;
  }

  /** Whether it is there only until it becomes a volume that comes back. */
  static boolean isReturning(Volume volume) {
    return volume.labels().map().containsKey(LABEL);
  }

  private static boolean isFor(Volume volume, Volume returning) {
    String id = returning.labels().map().getOrDefault(LABEL, "");
    return id.equals(volume.details().id().text());
  }

  /** Removes what does not become the volume. */
  private void remove(Volume volume, VolumeName returning) {
    context.volumes().removeIf(returning, Removal.Mode.NORMAL, found -> isFor(volume, found));
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
