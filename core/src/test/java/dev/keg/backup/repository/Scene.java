package dev.keg.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.repository.BackupRecord.Counts;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A repository in memory, a clock, and short names for operations on it. */
final class Scene {
  final MutableClock clock = new MutableClock();
  final MemoryStore store = new MemoryStore(clock);
  final Repository repository = Repository.openOrCreate(store, clock, new Random(1));

  private final Map<BackupId, List<BackupRecord>> bases = new HashMap<>();

  /** Gives the repository format 1. */
  static void asInFirstRelease(MemoryStore store) throws IOException {
    store.delete(RepositoryLayout.DESCRIPTION);
    SmallObjects.write(
        store,
        RepositoryLayout.DESCRIPTION,
        "{\"schema\":1,\"created\":\"2026-11-20T10:58:01Z\",\"id\":\"8a5c3f0e\"}\n"
            .getBytes(StandardCharsets.UTF_8));
  }

  /** A full backup of a volume. */
  BackupRecord backUp(String volume) throws IOException {
    return backUp(volume, null);
  }

  /** A backup based on another. */
  BackupRecord backUp(String volume, @Nullable BackupRecord parent) throws IOException {
    BackupRecord backup = prepare(volume, parent);
    publish(backup);
    return backup;
  }

  /** Publishes a prepared backup. */
  void publish(BackupRecord backup) {
    repository.publish(backup, bases.getOrDefault(backup.id(), List.of()));
  }

  /** A first backup of a volume that uses the content of another volume. */
  BackupRecord prepareSharing(String volume, BackupRecord other) throws IOException {
    BackupRecord alone = prepare(volume, null);
    bases.put(alone.id(), List.of(other));
    return with(alone, null, Stream.of(alone, other).flatMap(b -> b.objects().stream()).toList());
  }

  /** A backup that is the same as its parent. */
  BackupRecord prepareUnchanged(BackupRecord parent) {
    clock.advance(Duration.ofSeconds(1));
    BackupId id = repository.nextId();
    bases.put(id, List.of(parent));
    return new BackupRecord(
        id,
        parent.volume(),
        parent.origin(),
        clock.instant(),
        parent.tags(),
        parent.counts(),
        parent.id(),
        parent.objects());
  }

  private static BackupRecord with(
      BackupRecord backup, @Nullable BackupId parent, List<DataObject> objects) {
    return new BackupRecord(
        backup.id(),
        backup.volume(),
        backup.origin(),
        backup.finished(),
        backup.tags(),
        backup.counts(),
        parent,
        objects);
  }

  /** A backup without its record. */
  BackupRecord prepare(String volume, @Nullable BackupRecord parent) throws IOException {
    clock.advance(Duration.ofSeconds(1));
    VolumeName name = new VolumeName(volume);
    BackupId id = repository.nextId();
    String suffix = parent == null ? ".tar.zst" : ".inc.tar.zst";
    List<DataObject> objects = new ArrayList<>(parent == null ? List.of() : parent.objects());
    try (PendingObject object = repository.begin(name, id, suffix, Size.ZERO)) {
      object.write(id.text().getBytes(StandardCharsets.UTF_8));
      object.publish();
      objects.add(
          new DataObject(
              Repository.dataName(name, id, suffix), object.size(), "sha256:" + id.text()));
    }
    bases.put(id, parent == null ? List.of() : List.of(parent));
    return new BackupRecord(
        id,
        volume(volume),
        new Origin("db1", "1.0.0"),
        clock.instant(),
        Set.of("nightly"),
        new Counts(12, 10, new Size(98304), new Size(25), 1),
        parent == null ? null : parent.id(),
        objects);
  }

  static Volume volume(String name) {
    return new Volume(
        new VolumeName(name),
        "local",
        Options.of(Map.of("o", "size=1g")),
        Labels.parse(List.of("env=prod")),
        Instant.parse("2026-11-01T08:00:00Z"));
  }

  List<BackupId> listed() {
    return repository.list().backups().stream().map(Backup::id).toList();
  }

  List<String> names(String folder) throws StoreException {
    return store.list(folder).stream().map(StoredObject::name).map(ObjectName::text).toList();
  }

  /** Every existing backup can be restored: all objects that it refers to exist. */
  void assertNothingIsLost() throws StoreException {
    List<String> data = names("data/");
    for (Backup backup : repository.list().backups()) {
      for (DataObject object : backup.record().objects()) {
        assertThat(data).as("what %s needs", backup.id()).contains(object.name().text());
      }
    }
  }

  /** Kills the work just before this step. */
  void dieBefore(String step, Runnable work) {
    store.failBefore(
        operation -> {
          if (operation.startsWith(step)) {
            die();
          }
        });
    assertThatThrownBy(work::run).isInstanceOf(RepositoryFailed.class);
    store.heal();
  }

  /** Deletes everything that may be deleted in the course of time. */
  void cleanUp() {
    for (int week = 0; week < 3; week++) {
      clock.advance(Duration.ofDays(8));
      repository.forget(List.of());
    }
  }

  /** An event in the middle of another operation. */
  interface Event {
    void happen() throws Exception;
  }

  /**
   * Runs the event before the n-th request of the work to the store, counted from 1. Returns
   * whether there was such a request; throws the exceptions of the work.
   */
  boolean interrupt(int number, Event event, Runnable work) {
    AtomicInteger steps = new AtomicInteger();
    store.failBefore(
        _ -> {
          if (steps.incrementAndGet() == number) {
            store.heal();
            happen(event);
          }
        });
    try {
      work.run();
    } finally {
      store.heal();
    }
    return steps.get() >= number;
  }

  private static void happen(Event event) throws StoreException {
    try {
      event.happen();
    } catch (StoreException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Simulates death: later requests have no effect. */
  void die() throws StoreException {
    store.failBefore(Scene::dead);
    dead("die");
  }

  private static void dead(String step) throws StoreException {
    throw new StoreException.Failed("memory:", step, "killed", null);
  }
}
