package dev.keg.backup.store.copied;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Size;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A store on another machine, of which small objects are read from copies on this one. A copy
 * stands for an object only while the store lists one of the same name, size and time. It has the
 * bytes that the store has, so the copies of an encrypted repository are encrypted, and are
 * authenticated whenever they are read.
 */
public final class CopiedStore implements ObjectStore {
  /** The size of all copies in one process; other objects are read from the store each time. */
  static final int MOST = 32 << 20;

  private static final long ROOM = 4L * MOST;

  private final ObjectStore below;
  private final String copied;
  private final CopyFiles files;

  // Guarded by this.
  private final Map<ObjectName, StoredObject> listed = new HashMap<>();
  private final Map<String, FolderCopies> folders = new HashMap<>();
  private boolean isWhole;
  private int size;

  /**
   * @param copied the folder whose objects are copied; it ends with a slash
   * @param debug receives messages of minor interest
   */
  public CopiedStore(
      ObjectStore below, String copied, VolumeRegistry registry, Consumer<String> debug) {
    this.below = below;
    this.copied = copied;
    this.files = new CopyFiles(registry, below.address(), ROOM, debug);
  }

  @Override
  public int read(ObjectName name, long offset, ByteBuffer target) throws StoreException {
    Optional<ByteBuffer> copy = copy(name);
    if (copy.isPresent()) {
      return fill(copy.get(), offset, target);
    }
    int start = target.position();
    int count = below.read(name, offset, target);
    if (offset == 0) {
      remember(name, target.slice(start, count));
    }
    return count;
  }

  private static int fill(ByteBuffer copy, long offset, ByteBuffer target) {
    int start = (int) Math.min(offset, copy.limit());
    int count = Math.min(copy.limit() - start, target.remaining());
    target.put(copy.slice(start, count));
    return count;
  }

  private synchronized Optional<ByteBuffer> copy(ObjectName name) {
    return Optional.ofNullable(listed.get(name)).flatMap(object -> folder(name).find(object));
  }

  /** Keeps a copy if these bytes are the whole object. */
  private synchronized void remember(ObjectName name, ByteBuffer bytes) {
    StoredObject object = listed.get(name);
    int count = bytes.remaining();
    int taken = count + name.text().length();
    if (object != null && object.size().bytes() == count && size + taken <= MOST) {
      folder(name).keep(object, ByteBuffer.allocate(count).put(bytes).flip());
      size += taken;
    }
  }

  private FolderCopies folder(ObjectName name) {
    String folder = folderOf(name);
    FolderCopies found = folders.get(folder);
    if (found == null) {
      found = FolderCopies.read(files.read(folder));
      folders.put(folder, found);
      size += found.size();
    }
    return found;
  }

  private static String folderOf(ObjectName name) {
    return name.text().substring(0, name.text().lastIndexOf('/') + 1);
  }

  @Override
  public synchronized boolean discardCopy(ObjectName name) {
    listed.remove(name);
    return name.text().startsWith(copied) && folder(name).remove(name);
  }

  @Override
  public List<StoredObject> list(String folder) throws StoreException {
    List<StoredObject> objects = below.list(folder);
    if (folder.startsWith(copied) || copied.startsWith(folder)) {
      note(folder, objects);
    }
    return objects;
  }

  private synchronized void note(String folder, List<StoredObject> objects) {
    listed.keySet().removeIf(name -> name.text().startsWith(folder));
    for (StoredObject object : objects) {
      if (object.name().text().startsWith(copied)) {
        listed.put(object.name(), object);
      }
    }
    isWhole |= copied.startsWith(folder);
  }

  @Override
  public PendingObject create(ObjectName name, Size expected) throws StoreException {
    boolean _ = discardCopy(name);
    return below.create(name, expected);
  }

  @Override
  public PendingObject createPassing(ObjectName name, Size expected) throws StoreException {
    boolean _ = discardCopy(name);
    return below.createPassing(name, expected);
  }

  @Override
  public void delete(ObjectName name) throws StoreException {
    boolean _ = discardCopy(name);
    below.delete(name);
  }

  @Override
  public String address() {
    return below.address();
  }

  @Override
  public Duration lock() {
    return below.lock();
  }

  @Override
  public void keep(ObjectName name, Instant until) throws StoreException {
    below.keep(name, until);
  }

  @Override
  public Optional<Instant> keptUntil(ObjectName name) throws StoreException {
    return below.keptUntil(name);
  }

  @Override
  public boolean wantsSizes() {
    return below.wantsSizes();
  }

  @Override
  public boolean isWriteOnly() {
    return below.isWriteOnly();
  }

  @Override
  public boolean provesNames() {
    return below.provesNames();
  }

  @Override
  public String seal(ObjectName name) {
    return below.seal(name);
  }

  @Override
  public boolean isSeal(ObjectName name, String seal) {
    return below.isSeal(name, seal);
  }

  @Override
  public void clearUnfinished(Instant before) throws StoreException {
    below.clearUnfinished(before);
  }

  /** Also writes the copies of what the store has listed. */
  @Override
  public void close() {
    write();
    below.close();
  }

  private synchronized void write() {
    folders.forEach(
        (folder, found) -> {
          found.retain(listed);
          if (found.isChanged()) {
            files.write(folder, found.bytes());
          }
        });
    folders.clear();
    if (isWhole) {
      files.retain(listed.keySet().stream().map(CopiedStore::folderOf).collect(Collectors.toSet()));
    }
  }
}
