package dev.keg.registry.shared;

import dev.keg.error.RegistryException.ChangedMeanwhile;
import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.RegistryException.Foreign;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.StoreRefused;
import dev.keg.error.VolumeException;
import dev.keg.registry.Parallel;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.record.RecordStore.ListedRecord;
import dev.keg.registry.record.RecordStore.StoredRecord;
import dev.keg.registry.shared.SharedRegistry.Surroundings;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Reads and changes the records of volumes. Records are remembered briefly, so that one command
 * reads each once; decisions based on them are repeated in {@link #edit}.
 */
final class SharedRecords {
  private static final int ATTEMPTS = 20;
  private static final int FEW = 8;

  /** Longer than a command takes for all volumes of a list. */
  private static final Duration MEMORY = Duration.ofSeconds(30);

  /** A command that serves an engine for long must notice new volumes. */
  private static final Duration MEMORY_OF_NONE = Duration.ofSeconds(2);

  private final RecordStore store;
  private final Membership membership;
  private final RecordCache cache;
  private final Surroundings surroundings;
  private final Map<VolumeName, CachedRecord> seen = new ConcurrentHashMap<>();
  private boolean saidCutOff;

  SharedRecords(
      RecordStore store, Membership membership, RecordCache cache, Surroundings surroundings) {
    this.store = store;
    this.membership = membership;
    this.cache = cache;
    this.surroundings = surroundings;
  }

  private record CachedRecord(Optional<StoredRecord> record, long nanos) {
    boolean isFresh() {
      Duration memory = record.isPresent() ? MEMORY : MEMORY_OF_NONE;
      return System.nanoTime() - nanos < memory.toNanos();
    }
  }

  /** A record in a list, or the reason why it is unreadable. */
  record Entry(String name, Optional<SharedVolume> volume, Optional<VolumeException> problem) {}

  /** The record from a moment ago, or this host's last copy while it is disconnected. */
  Optional<SharedVolume> find(VolumeName name) {
    CachedRecord last = seen.get(name);
    Optional<StoredRecord> found =
        last != null && last.isFresh() ? last.record() : fetchOrRemember(name);
    return found.map(record -> SharedVolume.read(name, record.text()));
  }

  private Optional<StoredRecord> fetchOrRemember(VolumeName name) {
    try {
      return fetch(name);
    } catch (CutOff | StoreRefused e) {
      // Even without valid credentials, a host can release what it has.
      sayCutOff(e);
      return remember(name, cache.find(name));
    }
  }

  /** The current record. */
  Optional<SharedVolume> current(VolumeName name) {
    return fetch(name).map(record -> SharedVolume.read(name, record.text()));
  }

  private Optional<StoredRecord> fetch(VolumeName name) {
    Optional<StoredRecord> found = store.get(SharedVolume.key(name));
    found.ifPresentOrElse(record -> cache.keep(name, record), () -> cache.forget(name));
    return remember(name, found);
  }

  private Optional<StoredRecord> remember(VolumeName name, Optional<StoredRecord> found) {
    seen.put(name, new CachedRecord(found, System.nanoTime()));
    return found;
  }

  private synchronized void sayCutOff(VolumeException failure) {
    if (!saidCutOff) {
      saidCutOff = true;
      surroundings
          .notice()
          .accept(
              "cut off from the shared registry, so this is the last known state: "
                  + failure.getMessage());
    }
  }

  private List<ListedRecord> listed() {
    List<ListedRecord> listed = store.list(SharedVolume.FOLDER);
    cache.keepOnly(
        listed.stream().flatMap(found -> SharedVolume.name(found.key()).stream()).toList());
    return listed;
  }

  private static String text(ListedRecord found) {
    return SharedVolume.name(found.key())
        .map(VolumeName::text)
        .orElseGet(() -> found.key().substring(SharedVolume.FOLDER.length()));
  }

  /** All records; fetches only those that changed since this host last read them. */
  List<Entry> list() {
    List<ListedRecord> listed;
    try {
      listed = listed();
    } catch (CutOff e) {
      sayCutOff(e);
      return cache.names().stream()
          .map(name -> entry(name, () -> remember(name, cache.find(name))))
          .toList();
    }
    return Parallel.stream(listed).map(this::entry).toList();
  }

  /** All current records, for changes to those in it: none may be missing. */
  List<Entry> currentList() {
    List<Entry> entries = Parallel.stream(listed()).map(this::entry).toList();
    for (Entry entry : entries) {
      if (entry.problem().orElse(null) instanceof CutOff cutOff) {
        throw cutOff;
      }
    }
    return entries;
  }

  private Entry entry(ListedRecord listed) {
    Optional<VolumeName> name = SharedVolume.name(listed.key());
    if (name.isEmpty()) {
      String key = store.address() + ": " + listed.key();
      return new Entry(
          text(listed),
          Optional.empty(),
          Optional.of(new Foreign(key, "that is not the name of a volume's record")));
    }
    return entry(name.get(), () -> text(name.get(), listed));
  }

  private Optional<StoredRecord> text(VolumeName name, ListedRecord listed) {
    Optional<StoredRecord> cached =
        cache.find(name).filter(record -> record.version().equals(listed.version()));
    if (cached.isPresent()) {
      return remember(name, cached);
    }
    if (listed.text().isEmpty()) {
      return fetch(name);
    }
    StoredRecord record = new StoredRecord(listed.text().get(), listed.version());
    cache.keep(name, record);
    return remember(name, Optional.of(record));
  }

  /** Finds a record. */
  private interface Source {
    Optional<StoredRecord> find();
  }

  private static Entry entry(VolumeName name, Source source) {
    try {
      Optional<SharedVolume> volume =
          source.find().map(record -> SharedVolume.read(name, record.text()));
      return new Entry(name.text(), volume, Optional.empty());
    } catch (VolumeException e) {
      return new Entry(name.text(), Optional.empty(), Optional.of(e));
    }
  }

  /** Writes the record of a new volume; returns false if the name has one. */
  boolean create(VolumeName name, SharedVolume volume) {
    if (put(name, volume, RecordStore.NONE)) {
      return true;
    }
    Optional<StoredRecord> taken = fetch(name);
    return taken.isPresent()
        && SharedVolume.read(name, taken.get().text()).state() == SharedVolume.State.GONE
        && put(name, volume, taken.get().version());
  }

  /**
   * Changes the record. The change is applied to the current record, and again if another host is
   * faster; it refuses by an exception.
   */
  SharedVolume edit(String operation, VolumeName name, UnaryOperator<SharedVolume> change) {
    return editRemembered(name, change).orElseGet(() -> edit(operation, name, change, false));
  }

  /**
   * The same, but writes even without a change: a delayed earlier request then has an outdated
   * version, so the store refuses it.
   */
  SharedVolume rewrite(String operation, VolumeName name, UnaryOperator<SharedVolume> change) {
    return edit(operation, name, change, true);
  }

  private SharedVolume edit(
      String operation, VolumeName name, UnaryOperator<SharedVolume> change, boolean always) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      StoredRecord before = fetch(name).orElseThrow(() -> new NotFound(operation, name.text()));
      SharedVolume read = SharedVolume.read(name, before.text());
      SharedVolume changed = change.apply(read);
      if ((!always && changed.equals(read)) || put(name, changed, before.version())) {
        return changed;
      }
      surroundings.pause().accept(Duration.ofMillis(scattered(attempt)));
    }
    throw new ChangedMeanwhile(operation, name.text());
  }

  // A record that this command has just read need not be read again: if it has changed, the store
  // refuses. A refusal by the change may be outdated, so that is decided again.
  private Optional<SharedVolume> editRemembered(
      VolumeName name, UnaryOperator<SharedVolume> change) {
    Optional<StoredRecord> before = remembered(name);
    if (before.isEmpty()) {
      return Optional.empty();
    }
    SharedVolume changed;
    try {
      SharedVolume read = SharedVolume.read(name, before.get().text());
      changed = change.apply(read);
      if (changed.equals(read)) {
        return Optional.empty();
      }
    } catch (VolumeException _) {
      return Optional.empty();
    }
    return put(name, changed, before.get().version()) ? Optional.of(changed) : Optional.empty();
  }

  private Optional<StoredRecord> remembered(VolumeName name) {
    return Optional.ofNullable(seen.get(name))
        .filter(CachedRecord::isFresh)
        .flatMap(CachedRecord::record);
  }

  private long scattered(int attempt) {
    RandomGenerator random = surroundings.random();
    synchronized (random) {
      return random.nextLong(10L * Math.min(attempt, FEW)) + 1;
    }
  }

  private boolean put(VolumeName name, SharedVolume volume, String expected) {
    String text = volume.next(writer());
    seen.remove(name);
    Optional<String> version = store.put(SharedVolume.key(name), text, expected);
    version.ifPresent(
        written -> {
          StoredRecord record = new StoredRecord(text, written);
          cache.keep(name, record);
          remember(name, Optional.of(record));
        });
    return version.isPresent();
  }

  String writer() {
    RandomGenerator random = surroundings.random();
    synchronized (random) {
      return "%s-%016x".formatted(membership.host(), random.nextLong());
    }
  }

  /**
   * Deletes the current record if it meets the condition. If the store does not support conditional
   * deletes, the record stays and is marked as no volume's.
   */
  void delete(VolumeName name, Predicate<SharedVolume> condition) {
    Optional<StoredRecord> last = remembered(name);
    if (last.isPresent() && isDeleted(name, last.get(), condition)) {
      return;
    }
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Optional<StoredRecord> now = fetch(name);
      boolean done =
          now.isEmpty()
              || !condition.test(SharedVolume.read(name, now.get().text()))
              || isDeleted(name, now.get(), condition);
      if (done) {
        return;
      }
      surroundings.pause().accept(Duration.ofMillis(scattered(attempt)));
    }
    throw new ChangedMeanwhile("delete", name.text());
  }

  private boolean isDeleted(
      VolumeName name, StoredRecord record, Predicate<SharedVolume> condition) {
    SharedVolume read = SharedVolume.read(name, record.text());
    return condition.test(read) && delete(name, read, record.version());
  }

  private boolean delete(VolumeName name, SharedVolume volume, String version) {
    if (!membership.deletes()) {
      return put(name, volume.gone(), version);
    }
    seen.remove(name);
    boolean deleted = store.delete(SharedVolume.key(name), version);
    if (deleted) {
      cache.forget(name);
    }
    return deleted;
  }
}
