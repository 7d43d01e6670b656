package dev.keg.backup.store.encrypted;

import dev.keg.age.AgeException;
import dev.keg.age.Head;
import dev.keg.age.Payload;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreException.Forged;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store whose objects are age files in another store. Names and sizes stay readable there. */
public final class EncryptedStore implements ObjectStore {
  /** How many chunks to read at once: 4 MiB. */
  private static final int AT_ONCE = 64;

  private final ObjectStore below;
  private final RepositoryKey key;
  private final int shortestHead;
  private final Map<ObjectName, Head> heads = Collections.synchronizedMap(new Heads());

  public EncryptedStore(ObjectStore below, RepositoryKey key) {
    this.below = below;
    this.key = key;
    ObjectName name = new ObjectName("name");
    this.shortestHead = key.head(name).length() - name.text().length();
  }

  /** The heads of the most recently used objects. */
  private static final class Heads extends LinkedHashMap<ObjectName, Head> {
    private static final int MOST = 256;

    Heads() {
      super(MOST, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<ObjectName, Head> eldest) {
      return size() > MOST;
    }
  }

  /** A piece of a stored object, in whole chunks, except for the last one of the object. */
  private record Sealed(Head head, ByteBuffer chunks, boolean followed) {}

  private static boolean isPlain(ObjectName name) {
    return name.text().startsWith(KeyRing.FOLDER);
  }

  private int headLength(ObjectName name) {
    return shortestHead + name.text().length();
  }

  @Override
  public String address() {
    return below.address();
  }

  @Override
  public boolean wantsSizes() {
    return below.wantsSizes();
  }

  @Override
  public boolean isWriteOnly() {
    return key.isWriteOnly();
  }

  @Override
  public boolean provesNames() {
    return true;
  }

  @Override
  public String seal(ObjectName name) {
    return key.seal(name);
  }

  @Override
  public boolean isSeal(ObjectName name, String seal) {
    return key.isSeal(name, seal);
  }

  @Override
  public PendingObject create(ObjectName name, Size expected) throws StoreException {
    return isPlain(name) ? below.create(name, expected) : create(name, expected, below::create);
  }

  @Override
  public PendingObject createPassing(ObjectName name, Size expected) throws StoreException {
    return create(name, expected, below::createPassing);
  }

  /** Creates the underlying object. */
  private interface Creator {
    PendingObject create(ObjectName name, Size expected) throws StoreException;
  }

  private PendingObject create(ObjectName name, Size expected, Creator creator)
      throws StoreException {
    Head head = key.head(name);
    Size size =
        expected.bytes() == 0
            ? Size.ZERO
            : new Size(head.length() + Payload.sealedLength(expected.bytes()));
    return EncryptedObject.begin(creator.create(name, size), head, () -> heads.put(name, head));
  }

  @Override
  public boolean discardCopy(ObjectName name) {
    heads.remove(name);
    return below.discardCopy(name);
  }

  @Override
  public int read(ObjectName name, long offset, ByteBuffer target) throws StoreException {
    if (isPlain(name)) {
      return below.read(name, offset, target);
    }
    if (key.isWriteOnly() && !heads.containsKey(name)) {
      throw new Forged(address(), name, "a write key does not open it", null);
    }
    int before = target.position();
    boolean more = true;
    while (more && target.hasRemaining()) {
      more = readSome(name, offset + target.position() - before, target);
    }
    return target.position() - before;
  }

  /** Returns whether more follows. */
  private boolean readSome(ObjectName name, long offset, ByteBuffer target) throws StoreException {
    long number = offset / Payload.CHUNK;
    int skipped = (int) (offset % Payload.CHUNK);
    int count = Math.ceilDiv(Math.min(target.remaining(), AT_ONCE << 16) + skipped, Payload.CHUNK);
    Sealed sealed = sealed(name, number, count);
    if (!sealed.chunks().hasRemaining()) {
      requireEndBefore(name, number);
      return false;
    }
    Payload payload = sealed.head().payload();
    byte[] chunk = new byte[Payload.CHUNK];
    boolean last = false;
    while (sealed.chunks().hasRemaining()) {
      int length = Math.min(Payload.SEALED, sealed.chunks().remaining());
      last = open(name, payload, number++, sealed, length, chunk);
      int from = Math.min(skipped, length - Payload.TAG);
      target.put(chunk, from, Math.min(target.remaining(), length - Payload.TAG - from));
      skipped = 0;
    }
    return !last;
  }

  private boolean open(
      ObjectName name, Payload payload, long number, Sealed sealed, int length, byte[] chunk)
      throws StoreException {
    ByteBuffer chunks = sealed.chunks();
    boolean last;
    try {
      last =
          payload.open(
              number, chunks.array(), chunks.arrayOffset() + chunks.position(), length, chunk);
    } catch (AgeException e) {
      heads.remove(name); // it may have been legitimately replaced since
      throw new Forged(address(), name, String.valueOf(e.getMessage()), e);
    }
    chunks.position(chunks.position() + length);
    if (last == (chunks.hasRemaining() || sealed.followed())) {
      throw new Forged(
          address(), name, last ? "there is data after its end" : "it is cut off", null);
    }
    return last;
  }

  /**
   * Reads chunks, along with the head if it is not known: a small object takes a single request.
   */
  private Sealed sealed(ObjectName name, long number, int count) throws StoreException {
    int headLength = headLength(name);
    int wanted = count * Payload.SEALED;
    Optional<Head> known = Optional.ofNullable(heads.get(name));
    if (known.isPresent() || number > 0) {
      Head head = known.isPresent() ? known.get() : head(name, bytes(name, 0, headLength));
      byte[] bytes = bytes(name, headLength + number * Payload.SEALED, wanted + 1);
      return new Sealed(head, chunks(bytes, 0, wanted), bytes.length > wanted);
    }
    byte[] bytes = bytes(name, 0, headLength + wanted + 1);
    return new Sealed(
        head(name, bytes), chunks(bytes, headLength, wanted), bytes.length > headLength + wanted);
  }

  private static ByteBuffer chunks(byte[] bytes, int offset, int wanted) {
    return ByteBuffer.wrap(bytes, offset, Math.min(wanted, bytes.length - offset)).slice();
  }

  private byte[] bytes(ObjectName name, long offset, int length) throws StoreException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    int count = below.read(name, offset, buffer);
    return count == length ? buffer.array() : Arrays.copyOf(buffer.array(), count);
  }

  private Head head(ObjectName name, byte[] bytes) throws StoreException {
    try {
      Head head = key.open(name, new ByteArrayInputStream(bytes));
      if (head.length() != headLength(name)) {
        throw new Forged(address(), name, "its header has a wrong length", null);
      }
      heads.put(name, head);
      return head;
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new Forged(address(), name, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Proves that the object ends here: missing bytes prove nothing, but an earlier chunk that is
   * marked as the last one does.
   */
  private void requireEndBefore(ObjectName name, long number) throws StoreException {
    String folder = name.text().substring(0, name.text().lastIndexOf('/') + 1);
    long length =
        below.list(folder).stream()
            .filter(object -> object.name().equals(name))
            .mapToLong(object -> object.size().bytes() - headLength(name))
            .findFirst()
            .orElse(0);
    long last = Math.ceilDiv(length, Payload.SEALED) - 1;
    if (last < 0 || last >= number) {
      throw new Forged(address(), name, "it is cut off", null);
    }
    Sealed sealed = sealed(name, last, 1);
    open(
        name,
        sealed.head().payload(),
        last,
        new Sealed(sealed.head(), sealed.chunks(), false),
        sealed.chunks().remaining(),
        new byte[Payload.CHUNK]);
  }

  @Override
  public List<StoredObject> list(String folder) throws StoreException {
    return below.list(folder).stream().map(this::decrypted).toList();
  }

  private StoredObject decrypted(StoredObject object) {
    if (isPlain(object.name())) {
      return object;
    }
    // An impossible size is detected when the object is read.
    return Payload.contentLength(object.size().bytes() - headLength(object.name()))
        .map(length -> new StoredObject(object.name(), new Size(length), object.stored()))
        .orElse(object);
  }

  @Override
  public void delete(ObjectName name) throws StoreException {
    heads.remove(name);
    below.delete(name);
  }

  @Override
  public Duration lock() {
    return below.lock();
  }

  @Override
  public Optional<Instant> keptUntil(ObjectName name) throws StoreException {
    return below.keptUntil(name);
  }

  @Override
  public void keep(ObjectName name, Instant until) throws StoreException {
    below.keep(name, until);
  }

  @Override
  public void clearUnfinished(Instant before) throws StoreException {
    below.clearUnfinished(before);
  }

  @Override
  public void close() {
    below.close();
  }
}
