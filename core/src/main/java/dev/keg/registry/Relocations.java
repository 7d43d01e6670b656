package dev.keg.registry;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.VolumeException;
import dev.keg.file.AtomicFile;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.file.TreeDeletion;
import dev.keg.file.WorkListener;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.pool.ArrivingCopy;
import dev.keg.registry.pool.Place;
import dev.keg.registry.pool.Places;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Moves volumes to another place. The copy is an {@link ArrivingCopy}, which belongs to the holder
 * of the volume's {@link MoveLock}. The pointer then switches from the old home to the new one in
 * one step; a file in {@code relocating} records the two places that may have one:
 *
 * <pre>
 * {"schema":1,"places":["default","cold"]}
 * </pre>
 */
public final class Relocations {
  private static final long SCHEMA = 1;

  private final RegistryLayout layout;
  private final RegistryLock lock;
  private final Drafts drafts;
  private final DirectorySync sync;
  private final Places places;

  Relocations(RegistryLayout layout, RegistryLock lock, Drafts drafts, DirectorySync sync) {
    this.layout = layout;
    this.lock = lock;
    this.drafts = drafts;
    this.sync = sync;
    this.places = layout.places();
  }

  private Path relocating() {
    return layout.root().resolve("relocating");
  }

  /** Creates an empty home for the copy; the caller has the volume's {@link MoveLock}. */
  public void prepare(ArrivingCopy copy) {
    FileFailures.run(
        "move " + copy.name(),
        copy.home().path(),
        () -> {
          Root.makeDirectory(copy.place().arriving());
          copy.delete();
          Root.makeHome(copy.home().path());
        });
  }

  /**
   * Notes that the copy contains the changes before this time; the caller has the {@link MoveLock}.
   */
  public void note(ArrivingCopy copy, Volume volume, Instant since) {
    copy.note(volume.details().id(), since, sync);
  }

  /**
   * Makes the home of another volume the copy, which that volume loses; the caller holds that
   * volume's lock and the {@link MoveLock} of the moving one.
   */
  public void adopt(VolumeName other, VolumeHome copy) {
    VolumeHome home = layout.home(other);
    FileFailures.run(
        "move " + other,
        home.path(),
        () -> {
          TreeDeletion.delete(copy.path());
          Files.move(home.path(), copy.path(), StandardCopyOption.ATOMIC_MOVE);
          new Pointers(layout, drafts, sync).erase(other);
          // Nobody has held the volume since its return, which counts as its last use.
          TreeDeletion.delete(layout.attachments(copy));
          Root.makeDirectory(layout.attachments(copy));
        });
  }

  /** Deletes a copy that does not become the volume. */
  public void abandon(ArrivingCopy copy) {
    FileFailures.run("clean up", copy.home().path(), copy::delete);
  }

  /** Records that the volume is in that place; the caller holds its lock. */
  void point(VolumeName name, Place place) {
    FileFailures.run(
        "update " + name,
        layout.root(),
        () -> new Pointers(layout, drafts, sync).point(name, place));
  }

  /** The unfinished copies of a volume that moves can continue. */
  public List<ArrivingCopy> unfinished(VolumeName name) {
    Optional<VolumeId> id = id(name);
    return places.present().stream()
        .filter(place -> !place.pool().equals(places.poolOf(name)))
        .map(place -> new ArrivingCopy(place, name))
        .filter(copy -> id.flatMap(copy::since).isPresent())
        .toList();
  }

  private Optional<VolumeId> id(VolumeName name) {
    Path file = layout.volumeFile(layout.home(name));
    return Files.notExists(file)
        ? Optional.empty()
        : FileFailures.translate(
            "read",
            file,
            () -> Optional.of(VolumeFile.read(name, file, SmallFile.read(file)).details().id()));
  }

  /**
   * Makes the copy the volume and deletes the old home; the caller holds the volume's lock.
   *
   * @param leaving receives the old home before it is deleted
   */
  public void complete(Volume volume, ArrivingCopy copy, Consumer<VolumeHome> leaving) {
    FileFailures.run(
        "move " + volume.name(),
        copy.home().path(),
        () -> completeNow(volume, copy, copy.home(), leaving));
  }

  private void completeNow(
      Volume volume, ArrivingCopy arrived, VolumeHome copy, Consumer<VolumeHome> leaving)
      throws IOException {
    VolumeName name = volume.name();
    Place to = arrived.place();
    settle(name);
    AtomicFile.replace(
        layout.volumeFile(copy), copy.file("volume.json.new"), VolumeFile.write(volume), sync);
    sync.sync(copy.path());
    remember(name, places.of(name), to);
    Files.move(copy.path(), to.home(name).path(), StandardCopyOption.ATOMIC_MOVE);
    sync.sync(to.volumes());
    new Pointers(layout, drafts, sync).point(name, to);
    try {
      settle(name, leaving);
      arrived.delete();
      for (ArrivingCopy other : unfinished(name)) {
        other.delete();
      }
    } catch (IOException e) {
      drafts.leave(file(name), FileFailures.reason(e)); // it has moved all the same
    } catch (VolumeException e) {
      drafts.leave(file(name), String.valueOf(e.getMessage()));
    }
  }

  private void remember(VolumeName name, Place from, Place to) throws IOException {
    if (!Files.isDirectory(relocating())) {
      Root.makeDirectory(relocating());
      sync.sync(layout.root());
    }
    byte[] content =
        JsonObject.ofSchema(SCHEMA)
            .texts("places", List.of(from.pool().text(), to.pool().text()))
            .bytes();
    AtomicFile.replace(file(name), drafts.draft(RegistryLock.stripe(name)), content, sync);
  }

  private Path file(VolumeName name) {
    return relocating().resolve(name.text());
  }

  /** Deletes the home that is not the volume; the caller holds the volume's lock. */
  void settle(VolumeName name) throws IOException {
    settle(name, _ -> {});
  }

  private void settle(VolumeName name, Consumer<VolumeHome> leaving) throws IOException {
    if (!Files.exists(file(name))) {
      return;
    }
    Place here = places.of(name);
    for (String text : read(name)) {
      if (!text.equals(here.pool().text())) {
        delete(name, places.require(new PoolName(text)), leaving);
      }
    }
    Files.delete(file(name));
    sync.sync(relocating());
  }

  private void delete(VolumeName name, Place place, Consumer<VolumeHome> leaving)
      throws IOException {
    Path home = place.home(name).path();
    if (Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
      Path grave = drafts.grave(name, place);
      Files.move(home, grave, StandardCopyOption.ATOMIC_MOVE);
      sync.sync(place.volumes());
      try {
        leaving.accept(new VolumeHome(grave));
        Drafts.delete(grave, WorkListener.NONE);
      } catch (IOException e) {
        drafts.leave(grave, FileFailures.reason(e));
      } catch (VolumeException e) {
        drafts.leave(grave, String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * Deletes what a killed move left in the root and would pass for the volume once no pool has it.
   * The caller holds the volume's lock.
   */
  void deleteOther(VolumeName name) {
    FileFailures.run(
        "clean up",
        file(name),
        () -> {
          if (Files.exists(file(name)) && !places.of(name).isDefault()) {
            delete(name, places.own(), _ -> {});
          }
        });
  }

  /**
   * Stops deletions in a pool that is being forgotten: if it comes back, its content may be the
   * only copy. The caller holds the locks of all volumes.
   */
  void forget(PoolName pool) throws IOException {
    for (VolumeName name : names(relocating())) {
      if (read(name).contains(pool.text())) {
        Files.delete(file(name));
        sync.sync(relocating());
      }
    }
  }

  private List<String> read(VolumeName name) throws IOException {
    try {
      JsonDocument json = JsonDocument.read(file(name), SCHEMA, SmallFile.read(file(name)));
      List<String> read = json.texts("places");
      json.end();
      return read;
    } catch (InvalidDocument e) {
      throw new Damaged(file(name).toString(), String.valueOf(e.getMessage()));
    }
  }

  /** Completes or reverts what killed commands began; what cannot be done now is left. */
  void sweep() {
    sweep(relocating(), () -> names(relocating()), this::settleIfFree);
    for (Place place : places.present()) {
      sweep(place.arriving(), () -> copies(place), this::deleteIfUseless);
    }
  }

  // The disk of a pool may be broken or read-only, although the command concerns another volume.
  private <T> void sweep(Path directory, Supplier<List<T>> left, Consumer<T> work) {
    try {
      for (T one : left.get()) {
        sweepOne(directory, one, work);
      }
    } catch (VolumeException e) {
      drafts.leave(directory, String.valueOf(e.getMessage()));
    }
  }

  private <T> void sweepOne(Path directory, T one, Consumer<T> work) {
    try {
      work.accept(one);
    } catch (VolumeException e) {
      drafts.leave(directory, String.valueOf(e.getMessage()));
    }
  }

  private static List<ArrivingCopy> copies(Place place) {
    Path directory = place.arriving();
    return FileFailures.translate("list", directory, () -> DirectoryEntries.of(directory)).stream()
        .flatMap(entry -> ArrivingCopy.of(entry, place).stream())
        .distinct()
        .toList();
  }

  private static List<VolumeName> names(Path directory) {
    return FileFailures.translate("list", directory, () -> DirectoryEntries.of(directory)).stream()
        .flatMap(path -> VolumeName.lookup(String.valueOf(path.getFileName())).stream())
        .toList();
  }

  private void settleIfFree(VolumeName name) {
    Optional<RegistryLock.Held> held = lock.tryLock(name);
    if (held.isEmpty()) {
      return;
    }
    try (var _ = held.get()) {
      boolean there =
          FileFailures.translate("settle", file(name), () -> read(name)).stream()
              .allMatch(
                  pool -> places.present().stream().anyMatch(p -> p.pool().text().equals(pool)));
      if (there) {
        FileFailures.run("settle", file(name), () -> settle(name));
      }
    }
  }

  private void deleteIfUseless(ArrivingCopy copy) {
    VolumeName name = copy.name();
    Optional<RegistryLock.Held> held = lock.tryLock(name);
    if (held.isEmpty()) {
      return;
    }
    try (var _ = held.get()) {
      boolean there = places.present().stream().anyMatch(p -> p.pool().equals(places.poolOf(name)));
      if (there && !unfinished(name).contains(copy)) {
        abandonIfFree(copy);
      }
    }
  }

  private void abandonIfFree(ArrivingCopy copy) {
    if (!MoveLock.isTaken(layout.home(copy.name()))) {
      abandon(copy);
    }
  }

  /**
   * Deletes the copies in a place that is being removed; the caller holds the locks of all volumes.
   */
  void clear(Place place) {
    sweep(place.arriving(), () -> copies(place), this::abandonIfFree);
  }
}
