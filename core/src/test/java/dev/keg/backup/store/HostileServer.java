package dev.keg.backup.store;

import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A server in front of a store with the written objects, which lies about one object. It passes new
 * objects on, so that the store without lies can be read afterwards.
 */
public final class HostileServer implements ObjectStore {
  private final MemoryStore real;
  private final MemoryStore before;
  private Lie lie = Lie.NONE;
  private ObjectName target = new ObjectName("none");

  /** The kind of lie. */
  public enum Lie {
    NONE,
    /** Everything is as it was before. */
    REPLAYS,
    SWAPS,
    TRUNCATES,
    FORGES,
    DELETES,
    HIDES_FROM_LISTS,
    LISTS_WHAT_IS_NOT_THERE,
    LISTS_OTHER_SIZES,
    /** The request is executed, but the answer comes after the time limit. */
    ANSWERS_LATE
  }

  /**
   * @param before an earlier state of the store
   */
  public HostileServer(MemoryStore real, MemoryStore before) {
    this.real = real;
    this.before = before;
  }

  /** Lies about that object from now on. */
  public HostileServer lying(Lie newLie, ObjectName of) {
    lie = newLie;
    target = of;
    return this;
  }

  private boolean does(Lie one, ObjectName name) {
    return lie == one && name.equals(target);
  }

  private MemoryStore shown() {
    return lie == Lie.REPLAYS ? before : real;
  }

  @Override
  public String address() {
    return real.address();
  }

  @Override
  public PendingObject create(ObjectName name, Size expected) throws StoreException {
    PendingObject object = real.create(name, expected);
    return lie == Lie.ANSWERS_LATE && sameFolder(name) ? late(object, name) : object;
  }

  private boolean sameFolder(ObjectName name) {
    return folder(name).equals(folder(target));
  }

  private static String folder(ObjectName name) {
    return name.text().substring(0, name.text().indexOf('/') + 1);
  }

  private PendingObject late(PendingObject object, ObjectName name) {
    return new PendingObject() {
      @Override
      protected void append(byte[] bytes, int offset, int length) throws StoreException {
        try {
          object.write(bytes, offset, length);
        } catch (IOException e) {
          throw StoreException.of(e);
        }
      }

      @Override
      protected void commit() throws StoreException {
        object.publish();
        throw tooLate("publish " + name);
      }

      @Override
      protected void discard() throws StoreException {
        object.close();
      }
    };
  }

  private StoreException tooLate(String operation) {
    return new StoreException.Unavailable(address(), operation, "no answer for 60 s", null);
  }

  @Override
  public int read(ObjectName name, long offset, ByteBuffer buffer) throws StoreException {
    if (does(Lie.DELETES, name)) {
      throw new StoreException.Absent(address(), name);
    }
    if (does(Lie.ANSWERS_LATE, name)) {
      throw tooLate("read " + name);
    }
    if (does(Lie.SWAPS, name)) {
      return real.read(other(name), offset, buffer);
    }
    if (does(Lie.TRUNCATES, name)) {
      return readTo(size(name) * 2 / 3, name, offset, buffer);
    }
    int start = buffer.position();
    int length = shown().read(name, offset, buffer);
    long middle = does(Lie.FORGES, name) ? size(name) / 2 - offset : -1;
    if (middle >= 0 && middle < length) {
      int at = start + (int) middle;
      buffer.put(at, (byte) ~buffer.get(at));
    }
    return length;
  }

  private long size(ObjectName name) throws StoreException {
    return real.list(name.text()).getFirst().size().bytes();
  }

  private int readTo(long end, ObjectName name, long offset, ByteBuffer buffer)
      throws StoreException {
    int length = Math.clamp(end - offset, 0, buffer.remaining());
    ByteBuffer part = ByteBuffer.allocate(length);
    int got = real.read(name, offset, part);
    buffer.put(part.flip());
    return got;
  }

  /** Another object of the same kind, if there is one. */
  private ObjectName other(ObjectName name) throws StoreException {
    return real.list("").stream()
        .map(StoredObject::name)
        .filter(candidate -> !candidate.equals(name))
        .min(Comparator.comparing((ObjectName candidate) -> !sameFolder(candidate)))
        .orElseThrow();
  }

  @Override
  public List<StoredObject> list(String folder) throws StoreException {
    List<StoredObject> said = new ArrayList<>();
    for (StoredObject object : shown().list(folder)) {
      ObjectName name = object.name();
      if (does(Lie.ANSWERS_LATE, name)) {
        throw tooLate("list " + folder);
      }
      if (!does(Lie.DELETES, name) && !does(Lie.HIDES_FROM_LISTS, name)) {
        said.add(does(Lie.LISTS_OTHER_SIZES, name) ? grown(object) : object);
      }
      if (does(Lie.LISTS_WHAT_IS_NOT_THERE, name)) {
        said.add(new StoredObject(invented(name), object.size(), object.stored()));
      }
    }
    said.sort(Comparator.comparing(StoredObject::name));
    return said;
  }

  private static StoredObject grown(StoredObject object) {
    return new StoredObject(object.name(), new Size(object.size().bytes() + 1000), object.stored());
  }

  /** A name that Keg could have given; if names have an ID, a year later. */
  private static ObjectName invented(ObjectName name) {
    String later = name.text().replace("/2040", "/2041");
    return new ObjectName(later.equals(name.text()) ? later + "0" : later);
  }

  @Override
  public void delete(ObjectName name) throws StoreException {
    real.delete(name);
  }

  @Override
  public void clearUnfinished(Instant time) throws StoreException {
    real.clearUnfinished(time);
  }

  @Override
  public void close() {}
}
