package dev.keg.backup.store;

import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.volume.Size;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store in memory with a log of its requests. Tests can make it fail: before an operation takes
 * effect, or just after, as when an answer is lost.
 */
public final class MemoryStore implements ObjectStore {
  private final InstantSource clock;
  private final String address;
  private final NavigableMap<ObjectName, Entry> entries = new ConcurrentSkipListMap<>();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final List<Size> expected = Collections.synchronizedList(new ArrayList<>());
  public boolean wantsSizes;

  /** The number of bytes that were read from it. */
  public final AtomicLong bytesRead = new AtomicLong();

  private volatile Fault before = _ -> {};
  private volatile Fault after = _ -> {};

  private record Entry(ByteBuffer bytes, Instant stored) {}

  /** Throws at the operation that should fail. */
  @FunctionalInterface
  public interface Fault {
    void at(String operation) throws StoreException;
  }

  public MemoryStore(InstantSource clock) {
    this(clock, "memory:");
  }

  public MemoryStore(InstantSource clock, String address) {
    this.clock = clock;
    this.address = address;
  }

  /** Calls the fault before each operation takes effect. */
  public void failBefore(Fault fault) {
    before = fault;
  }

  /** Calls the fault after each operation took effect. */
  public void failAfter(Fault fault) {
    after = fault;
  }

  public void heal() {
    before = _ -> {};
    after = _ -> {};
  }

  /** Another store with the same objects, all of them new. */
  public MemoryStore copy() {
    MemoryStore copy = new MemoryStore(clock, address);
    Instant now = clock.instant();
    entries.forEach((name, entry) -> copy.entries.put(name, new Entry(entry.bytes(), now)));
    return copy;
  }

  /** The requests, such as {@code publish data/db/x.tar.zst}. */
  public List<String> log() {
    return List.copyOf(log);
  }

  public void clearLog() {
    log.clear();
  }

  /** Replaces an object's bytes. */
  public void damage(ObjectName name, byte[] bytes) {
    entries.computeIfPresent(
        name, (_, old) -> new Entry(ByteBuffer.wrap(bytes.clone()), old.stored()));
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public boolean wantsSizes() {
    return wantsSizes;
  }

  /** The announced sizes of the objects. */
  public List<Size> expected() {
    return List.copyOf(expected);
  }

  @Override
  public PendingObject create(ObjectName name, Size expected) throws StoreException {
    this.expected.add(expected);
    step("create " + name);
    return new PendingBytes(name);
  }

  @Override
  public int read(ObjectName name, long offset, ByteBuffer target) throws StoreException {
    step("read " + name);
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new StoreException.Absent(address(), name);
    }
    int start = (int) Math.min(offset, entry.bytes().limit());
    int length = Math.min(entry.bytes().limit() - start, target.remaining());
    target.put(entry.bytes().slice(start, length));
    bytesRead.addAndGet(length);
    return length;
  }

  /** The entries that may be in a folder: a zero is the first character of names, after a slash. */
  private NavigableMap<ObjectName, Entry> in(String folder) {
    if (!folder.endsWith("/")) {
      return entries;
    }
    ObjectName end = new ObjectName(folder.substring(0, folder.length() - 1) + "0");
    return entries.subMap(new ObjectName(folder + "0"), true, end, false);
  }

  @Override
  public List<StoredObject> list(String folder) throws StoreException {
    step("list " + folder);
    return in(folder).entrySet().stream()
        .filter(entry -> entry.getKey().text().startsWith(folder))
        .map(
            entry ->
                new StoredObject(
                    entry.getKey(),
                    new Size(entry.getValue().bytes().limit()),
                    entry.getValue().stored()))
        .toList();
  }

  @Override
  public void delete(ObjectName name) throws StoreException {
    step("delete " + name);
    entries.remove(name);
    after.at("delete " + name);
  }

  @Override
  public void clearUnfinished(Instant before) throws StoreException {
    step("clear unfinished");
  }

  @Override
  public void close() {}

  private void step(String operation) throws StoreException {
    before.at(operation);
    log.add(operation);
  }

  private final class PendingBytes extends PendingObject {
    private final ObjectName name;
    private final List<byte[]> pieces = new ArrayList<>();

    PendingBytes(ObjectName name) {
      this.name = name;
    }

    @Override
    protected void append(byte[] source, int offset, int length) throws StoreException {
      before.at("append " + name);
      pieces.add(Arrays.copyOfRange(source, offset, offset + length));
    }

    @Override
    protected void commit() throws StoreException {
      step("publish " + name);
      ByteBuffer bytes = ByteBuffer.allocate((int) size().bytes());
      pieces.forEach(bytes::put);
      Entry entry = new Entry(bytes.flip(), clock.instant());
      if (entries.putIfAbsent(name, entry) != null) {
        throw new StoreException.AlreadyExists(address(), name);
      }
      after.at("publish " + name);
    }

    @Override
    protected void discard() {
      pieces.clear();
    }
  }

  /**
   * Runs the work and fails all operations from that one on; returns whether there were so many.
   */
  public boolean diesAt(int step, Runnable work) {
    AtomicInteger steps = new AtomicInteger();
    failBefore(
        operation -> {
          if (steps.incrementAndGet() >= step) {
            throw new StoreException.Failed("memory:", operation, "killed", null);
          }
        });
    try {
      work.run();
      return false;
    } catch (RepositoryFailed _) {
      return true;
    } finally {
      heal();
    }
  }
}
