package dev.keg.registry.record;

import dev.keg.error.RegistryException.CutOff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Records in memory, which several hosts access through connections that fail on request, before or
 * after the store has acted.
 */
public final class MemoryRecords {
  private final SortedMap<String, RecordStore.StoredRecord> records = new TreeMap<>();
  private final boolean deletes;
  private final String address;
  private final List<Runnable> late = new ArrayList<>();
  private long version;
  private volatile Instant now = Instant.parse("2026-11-20T10:00:00Z");

  /**
   * @param deletes whether it supports conditional deletions
   */
  public MemoryRecords(boolean deletes) {
    this(deletes, "memory");
  }

  public MemoryRecords(boolean deletes, String address) {
    this.deletes = deletes;
    this.address = address;
  }

  /** Advances the store's clock. */
  public void wait(Duration time) {
    now = now.plus(time);
  }

  /** The treatment of a request. */
  public enum Fate {
    SERVE,
    LOST,
    ANSWER_LOST,
    /** The store acts at {@link #deliver}, after the host has given up. */
    LATE,
    /** The same for changes of a record; a request to create one is lost. */
    LATE_CHANGE
  }

  /** Makes the store act on the late requests. */
  public synchronized void deliver() {
    late.forEach(Runnable::run);
    late.clear();
  }

  /** All records. */
  public synchronized Map<String, RecordStore.StoredRecord> records() {
    return Map.copyOf(records);
  }

  /** A connection whose requests have these fates. */
  public RecordStore connect(Supplier<Fate> fates) {
    return new Connection(fates);
  }

  public RecordStore connect() {
    return connect(() -> Fate.SERVE);
  }

  private final class Connection implements RecordStore {
    private final Supplier<Fate> fates;

    Connection(Supplier<Fate> fates) {
      this.fates = fates;
    }

    private <T> T request(Supplier<T> work) {
      return request(work, false);
    }

    private <T> T request(Supplier<T> work, boolean change) {
      synchronized (MemoryRecords.this) {
        Fate fate = fates.get();
        if (fate == Fate.LOST || (fate == Fate.LATE_CHANGE && !change)) {
          throw new CutOff("memory: the request was lost", null);
        }
        if (fate == Fate.LATE || fate == Fate.LATE_CHANGE) {
          late.add(
              () -> {
                var _ = work.get();
              });
          throw new CutOff("memory: no answer in time", null);
        }
        T answer = work.get();
        if (fate == Fate.ANSWER_LOST) {
          throw new CutOff("memory: the answer was lost", null);
        }
        return answer;
      }
    }

    private String versionOf(String key) {
      StoredRecord record = records.get(key);
      return record == null ? NONE : record.version();
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public Optional<StoredRecord> get(String key) {
      return request(() -> Optional.ofNullable(records.get(key)));
    }

    @Override
    public Optional<String> put(String key, String text, String expected) {
      return request(
          () -> {
            if (!versionOf(key).equals(expected)) {
              return Optional.empty();
            }
            String next = "v" + ++version;
            records.put(key, new StoredRecord(text, next));
            return Optional.of(next);
          },
          !expected.equals(NONE));
    }

    @Override
    public boolean delete(String key, String expected) {
      return request(
          () -> {
            if (!versionOf(key).equals(NONE) && !versionOf(key).equals(expected)) {
              return false;
            }
            records.remove(key);
            return true;
          },
          true);
    }

    @Override
    public List<ListedRecord> list(String folder) {
      return request(
          () ->
              records.entrySet().stream()
                  .filter(entry -> entry.getKey().startsWith(folder))
                  .map(
                      entry ->
                          new ListedRecord(
                              entry.getKey(), entry.getValue().version(), Optional.empty()))
                  .toList());
    }

    @Override
    public Optional<Instant> time() {
      return Optional.of(now);
    }

    @Override
    public boolean probe() {
      return deletes;
    }

    @Override
    public void close() {}
  }
}
