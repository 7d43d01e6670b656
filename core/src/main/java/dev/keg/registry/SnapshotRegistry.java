package dev.keg.registry;

import dev.keg.error.SnapshotException.NoSuchSnapshot;
import dev.keg.error.SnapshotException.SnapshotExists;
import dev.keg.error.VolumeException;
import dev.keg.file.AtomicFile;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.file.WorkListener;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The snapshots of volumes, each a directory below the volume's own, so that renaming the volume
 * moves them along. Like a volume, a snapshot appears and disappears with one rename. Changes
 * require the volume's lock.
 */
public final class SnapshotRegistry {
  private final RegistryLayout layout;
  private final Drafts drafts;
  private final DirectorySync sync;
  private final WorkListener work;

  SnapshotRegistry(RegistryLayout layout, Drafts drafts, DirectorySync sync, WorkListener work) {
    this.layout = layout;
    this.drafts = drafts;
    this.sync = sync;
    this.work = work;
  }

  public VolumeHome home(VolumeName volume, SnapshotName name) {
    return home(layout.home(volume), name);
  }

  private VolumeHome home(VolumeHome volume, SnapshotName name) {
    return new VolumeHome(layout.snapshots(volume).resolve(name.text()));
  }

  /** Their names in order, without opening them. */
  public List<SnapshotName> names(VolumeName volume) {
    return names(layout.home(volume));
  }

  /** The same for the volume in that home. */
  public List<SnapshotName> names(VolumeHome volume) {
    Path directory = layout.snapshots(volume);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    return FileFailures.translate("list snapshots", directory, () -> DirectoryEntries.of(directory))
        .stream()
        .flatMap(entry -> SnapshotName.lookup(String.valueOf(entry.getFileName())).stream())
        .sorted()
        .toList();
  }

  /** All readable snapshots, the oldest first; the others are problems. */
  public List<Snapshot> list(VolumeName volume, Consumer<VolumeException> problems) {
    return list(names(volume), name -> find(volume, name), problems);
  }

  /**
   * The snapshots with these names; a missing one is a problem. The operation is for its message.
   */
  public List<Snapshot> list(
      String operation,
      VolumeName volume,
      List<SnapshotName> names,
      Consumer<VolumeException> problems) {
    return list(names, name -> Optional.of(get(operation, volume, name)), problems);
  }

  private static List<Snapshot> list(
      List<SnapshotName> names,
      Function<SnapshotName, Optional<Snapshot>> find,
      Consumer<VolumeException> problems) {
    List<Snapshot> found = new ArrayList<>();
    for (SnapshotName name : names) {
      try {
        find.apply(name).ifPresent(found::add);
      } catch (VolumeException e) {
        problems.accept(e);
      }
    }
    found.sort(SnapshotRegistry::compareAge);
    return found;
  }

  // The oldest first. Not a chain of comparators, which an AOT cache would not contain.
  private static int compareAge(Snapshot one, Snapshot other) {
    int age = one.created().compareTo(other.created());
    return age == 0 ? one.name().compareTo(other.name()) : age;
  }

  public Optional<Snapshot> find(VolumeName volume, SnapshotName name) {
    return find(volume, name, home(volume, name));
  }

  private Optional<Snapshot> find(VolumeName volume, SnapshotName name, VolumeHome home) {
    if (!Files.isDirectory(home.path(), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Path file = home.file(SnapshotFile.NAME);
    Path described = layout.volumeFile(home);
    Volume then = VolumeFile.read(volume, described, content(described));
    return Optional.of(SnapshotFile.read(then, name, file, content(file)));
  }

  private static byte[] content(Path file) {
    return FileFailures.translate("read", file, () -> SmallFile.read(file));
  }

  /** The snapshot; the operation is for the error message. */
  public Snapshot get(String operation, VolumeName volume, SnapshotName name) {
    return find(volume, name)
        .orElseThrow(() -> new NoSuchSnapshot(operation, volume.text(), name.text()));
  }

  public void requireFree(String operation, VolumeName volume, SnapshotName name) {
    if (Files.exists(home(volume, name).path(), LinkOption.NOFOLLOW_LINKS)) {
      throw new SnapshotExists(operation, volume.text(), name.text());
    }
  }

  /** Turns a staged home into a snapshot with one rename. */
  public void publish(Snapshot snapshot, VolumeHome staged) {
    VolumeName volume = snapshot.volume().name();
    Path home = home(volume, snapshot.name()).path();
    FileFailures.run("create snapshot " + snapshot, home, () -> publish(snapshot, staged, home));
  }

  private void publish(Snapshot snapshot, VolumeHome staged, Path home) throws IOException {
    AtomicFile.writeUnsynced(layout.volumeFile(staged), VolumeFile.write(snapshot.volume()));
    AtomicFile.writeUnsynced(staged.file(SnapshotFile.NAME), SnapshotFile.write(snapshot));
    AtomicFile.writeUnsynced(SnapshotLock.file(staged), new byte[0]);
    // Syncing the first one mostly writes the others to disk, too.
    AtomicFile.sync(layout.volumeFile(staged));
    AtomicFile.sync(staged.file(SnapshotFile.NAME));
    AtomicFile.sync(SnapshotLock.file(staged));
    if (Files.isDirectory(staged.data(), LinkOption.NOFOLLOW_LINKS)) {
      sync.sync(staged.data());
    }
    sync.sync(staged.path());
    Path directory = home.resolveSibling("");
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Root.makeDirectory(directory);
      sync.sync(directory.resolveSibling(""));
    }
    Files.move(staged.path(), home, StandardCopyOption.ATOMIC_MOVE);
    sync.sync(directory);
  }

  /**
   * Notes in the home of a volume that was copied to another disk that its snapshots share nothing
   * with it there. A damaged snapshot stays as it is.
   */
  public void unshare(VolumeName volume, VolumeHome copied) {
    for (Snapshot snapshot :
        list(names(copied), name -> find(volume, name, home(copied, name)), _ -> {})) {
      if (snapshot.shared()) {
        VolumeHome home = home(copied, snapshot.name());
        FileFailures.run(
            "describe " + snapshot, home.path(), () -> replace(home, snapshot.asCopy()));
      }
    }
  }

  private void replace(VolumeHome home, Snapshot snapshot) throws IOException {
    Path draft = home.file(SnapshotFile.NAME + ".new");
    Files.deleteIfExists(draft);
    AtomicFile.replace(home.file(SnapshotFile.NAME), draft, SnapshotFile.write(snapshot), sync);
  }

  /** Renames it away, then deletes it. */
  public void remove(VolumeName volume, SnapshotName name) {
    Path home = home(volume, name).path();
    Path grave = drafts.grave(volume);
    FileFailures.run(
        "remove snapshot " + volume + "@" + name,
        home,
        () -> {
          Files.move(home, grave, StandardCopyOption.ATOMIC_MOVE);
          sync.sync(home.resolveSibling(""));
          Drafts.delete(grave, work);
        });
  }
}
