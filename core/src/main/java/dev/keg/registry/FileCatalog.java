package dev.keg.registry;

import dev.keg.error.InvalidInput.InvalidName;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.Foreign;
import dev.keg.error.RegistryException.NotRegistered;
import dev.keg.error.VolumeException;
import dev.keg.file.AtomicFile;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.file.WorkListener;
import dev.keg.registry.pool.Place;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The volumes of one root: a directory each, with a file that describes it. */
final class FileCatalog implements Catalog {
  /** For fewer volumes, syncing other data on the file system is not worth it. */
  private static final int MANY = 8;

  private final RegistryLayout layout;
  private final Drafts drafts;
  private final DirectorySync sync;
  private final WorkListener work;

  FileCatalog(RegistryLayout layout, Drafts drafts, DirectorySync sync, WorkListener work) {
    this.layout = layout;
    this.drafts = drafts;
    this.sync = sync;
    this.work = work;
  }

  @Override
  public Optional<Volume> find(VolumeName name) {
    Place place;
    Optional<Volume> found;
    do {
      place = layout.places().of(name);
      found = find(name, place.home(name));
      // It may just have moved to another place.
    } while (found.isEmpty() && !layout.places().poolOf(name).equals(place.pool()));
    return found;
  }

  private Optional<Volume> find(VolumeName name, VolumeHome home) {
    Path file = layout.volumeFile(home);
    try {
      Volume volume = VolumeFile.read(name, file, SmallFile.read(file));
      requireSpelling(name, sync.spelling(home.path()));
      return Optional.of(volume);
    } catch (SmallFile.Refused e) {
      throw new Damaged(name.text(), file.toString(), "it is " + e.getReason());
    } catch (IOException e) {
      return absent(name, home, file, e);
    }
  }

  /** Refuses another spelling, which would have other locks. */
  private static void requireSpelling(VolumeName name, String spelling) {
    if (!spelling.equals(name.text())) {
      throw new InvalidName(
          "find",
          name.text(),
          "this file system does not distinguish it from the existing volume %s"
              .formatted(spelling));
    }
  }

  /** Empty if nothing exists; otherwise fails with the problem. */
  private static Optional<Volume> absent(
      VolumeName name, VolumeHome home, Path file, IOException e) {
    Path path = home.path();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path)) {
      throw new Foreign(path.toString(), "it is not a directory");
    }
    if (!(e instanceof NoSuchFileException)) {
      throw FileFailures.failure("read volume " + name, file, e);
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new Foreign(path.toString(), "it has no " + RegistryLayout.VOLUME_FILE);
    }
    return Optional.empty();
  }

  @Override
  public List<RegistryEntry> list() {
    Optional<Path> volumes =
        layout.places().arePooled() ? Optional.empty() : Optional.of(layout.volumes());
    return Parallel.stream(new VolumeNames(layout, sync).entries())
        .<RegistryEntry>mapMulti((name, found) -> entry(name, volumes).ifPresent(found))
        .toList();
  }

  /**
   * The entry of that name.
   *
   * @param volumes where all are; empty if some volume may be in a pool, so that each must be
   *     looked up
   */
  private Optional<RegistryEntry> entry(String text, Optional<Path> volumes) {
    Optional<VolumeName> name = VolumeName.lookup(text);
    if (name.isEmpty()) {
      String path = layout.volumes().resolve(text).toString();
      return Optional.of(
          new RegistryEntry.Broken(text, new Foreign(path, "that is not a valid volume name")));
    }
    try {
      Optional<Volume> own =
          volumes.flatMap(all -> find(name.get(), new VolumeHome(all.resolve(text))));
      return own.or(() -> find(name.get())).map(RegistryEntry.Intact::new);
    } catch (VolumeException e) {
      return Optional.of(new RegistryEntry.Broken(text, e));
    }
  }

  @Override
  public List<VolumeName> names() {
    return new VolumeNames(layout, sync).names();
  }

  @Override
  public void publish(Volume volume, VolumeHome staged, UsableOn usableOn) {
    Staged one = new Staged(volume, staged, usableOn);
    create(
        one,
        () -> {
          AtomicFile.writeNew(layout.volumeFile(staged), VolumeFile.write(volume));
          syncDirectories(one);
          show(one);
          sync.sync(place(one).volumes());
        });
  }

  private Place place(Staged one) {
    return layout.places().around(one.home().path());
  }

  private void create(Staged one, FileFailures.FileAction action) {
    VolumeName name = one.volume().name();
    FileFailures.run("create " + name, place(one).home(name).path(), action);
  }

  private void syncDirectories(Staged one) throws IOException {
    if (Files.isDirectory(one.home().data(), LinkOption.NOFOLLOW_LINKS)) {
      sync.sync(one.home().data());
    }
    sync.sync(one.home().path());
  }

  /** Publishes it with one rename. */
  private void show(Staged one) throws IOException {
    VolumeName name = one.volume().name();
    Place place = place(one);
    pointers().point(name, place);
    Files.move(one.home().path(), place.home(name).path(), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Publishes many volumes with two waits for the disk instead of four for each. None appears
   * before all of them are on disk.
   */
  @Override
  public Map<Staged, VolumeException> publishAll(List<Staged> all) {
    if (all.size() < MANY) {
      return Catalog.super.publishAll(all);
    }
    Map<Staged, VolumeException> failures = new LinkedHashMap<>();
    Map<Place, List<Staged>> places =
        all.stream()
            .filter(one -> isDone(one, failures, () -> writeUnsynced(one)))
            .collect(Collectors.groupingBy(this::place));
    places.forEach((place, its) -> showAll(place, its, failures));
    return failures;
  }

  private void writeUnsynced(Staged one) throws IOException {
    AtomicFile.writeUnsynced(layout.volumeFile(one.home()), VolumeFile.write(one.volume()));
  }

  private void showAll(Place place, List<Staged> its, Map<Staged, VolumeException> failures) {
    List<Staged> waiting = new ArrayList<>(its);
    try {
      FileFailures.run("create volumes", place.staging(), () -> syncAll(place, its));
      waiting.removeIf(one -> !isDone(one, failures, () -> show(one)));
      FileFailures.run("create volumes", place.volumes(), () -> sync.sync(place.volumes()));
    } catch (VolumeException e) {
      waiting.forEach(one -> failures.put(one, e));
    }
  }

  private void syncAll(Place place, List<Staged> its) throws IOException {
    if (!sync.syncAll(place.staging())) {
      for (Staged one : its) {
        AtomicFile.sync(layout.volumeFile(one.home()));
        syncDirectories(one);
      }
    }
  }

  private boolean isDone(
      Staged one, Map<Staged, VolumeException> failures, FileFailures.FileAction action) {
    try {
      create(one, action);
      return true;
    } catch (VolumeException e) {
      failures.put(one, e);
      return false;
    }
  }

  @Override
  public void replace(Volume read, UnaryOperator<Volume> change) {
    Volume volume = change.apply(read);
    Path file = layout.volumeFile(layout.home(volume.name()));
    FileFailures.run(
        "update " + volume.name(),
        file,
        () ->
            AtomicFile.replace(file, drafts.draft(volume.name()), VolumeFile.write(volume), sync));
  }

  @Override
  public void rename(VolumeName from, VolumeName to) {
    Place place = layout.places().of(from);
    Path target = place.home(to).path();
    FileFailures.run(
        "rename " + from,
        target,
        () -> {
          pointers().point(to, place);
          Files.move(place.home(from).path(), target, StandardCopyOption.ATOMIC_MOVE);
          sync.sync(place.volumes());
          pointers().erase(from);
        });
  }

  @Override
  public void remove(Collection<VolumeName> names, Size size) {
    deletion().of(names, size);
  }

  @Override
  public void remove(VolumeName name, Path data) {
    deletion().withData(name, data);
  }

  private Pointers pointers() {
    return new Pointers(layout, drafts, sync);
  }

  private HomeDeletion deletion() {
    return new HomeDeletion(layout, drafts, sync, work);
  }

  @Override
  public void prepareHome(Volume volume) {
    Optional<Volume> known = find(volume.name()).filter(found -> isSame(found, volume));
    if (known.isPresent()) {
      if (!known.get().drivenAs(volume).equals(known.get())) {
        replace(known.get(), own -> own.drivenAs(volume));
      }
      return;
    }
    clearHome("prepare", volume.name());
    VolumeHome staged = new VolumeHome(drafts.draft(volume.name()));
    FileFailures.run(
        "prepare " + volume.name(),
        staged.path(),
        () -> {
          Root.makeHome(staged.path());
          Root.makeDirectory(staged.data(), "rwxr-xr-x");
          Files.createFile(layout.onServer(staged));
        });
    publish(volume, staged, UsableOn.EVERY_HOST);
  }

  private static boolean isSame(Volume one, Volume other) {
    return one.details().id().equals(other.details().id());
  }

  // The remains of a removal or renaming on another host contain no data. A home that has data or
  // snapshots, or never belonged to a volume on a server, is never deleted.
  @Override
  public void clearHome(String operation, VolumeName name) {
    VolumeHome home = layout.home(name);
    if (!Files.exists(home.path(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean left =
        FileFailures.translate(
            operation + " " + name,
            home.path(),
            () ->
                Files.exists(layout.onServer(home), LinkOption.NOFOLLOW_LINKS)
                    && DirectoryEntries.of(layout.attachments(home)).isEmpty()
                    && DirectoryEntries.of(layout.snapshots(home)).isEmpty()
                    && DirectoryEntries.of(home.data()).isEmpty());
    if (!left) {
      throw new NotRegistered(operation, name.text(), home.path().toString());
    }
    deletion().of(List.of(name), Size.ZERO);
  }
}
