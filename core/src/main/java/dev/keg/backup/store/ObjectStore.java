package dev.keg.backup.store;

import dev.keg.volume.Size;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A place for immutable objects. Every operation may be repeated; the store itself repeats reads,
 * queries and deletions while a failure looks temporary. Thread-safe, and safe for several machines
 * at once: there are no locks to leave behind.
 */
public interface ObjectStore extends AutoCloseable {
  /** Its address in messages, without secrets. */
  String address();

  /**
   * Begins an object. Nothing of it is visible before {@link PendingObject#publish}.
   *
   * @param expected a hint of its size, {@link Size#ZERO} if unknown
   */
  PendingObject create(ObjectName name, Size expected) throws StoreException;

  /** The same for an object that is only needed for a short time, so that no lock need keep it. */
  default PendingObject createPassing(ObjectName name, Size expected) throws StoreException {
    return create(name, expected);
  }

  /** How long a lock keeps what {@link #create} writes; zero for a store without locks. */
  default Duration lock() {
    return Duration.ZERO;
  }

  /**
   * Locks the object until that time, unless it is locked for longer already.
   *
   * @throws StoreException.Absent if there is no such object
   */
  default void keep(ObjectName name, Instant until) throws StoreException {
    throw new StoreException.Failed(
        address(),
        "lock " + name,
        "it has no object lock",
        "only a bucket has one; its address ends in ?lock=30d");
  }

  /** Until when a lock keeps the object; empty if it is not locked. */
  default Optional<Instant> keptUntil(ObjectName name) throws StoreException {
    return Optional.empty();
  }

  /** Whether the size given to {@link #create} limits how large an object can become. */
  default boolean wantsSizes() {
    return false;
  }

  /** Whether it can only read what it has written itself since it was opened. */
  default boolean isWriteOnly() {
    return false;
  }

  /** Whether a readable object is certain to have been written under its name. */
  default boolean provesNames() {
    return false;
  }

  /**
   * A text for the name of an object whose name alone is its content: only a holder of the key can
   * create it. Empty without a key.
   */
  default String seal(ObjectName name) {
    return "";
  }

  /** Whether it is the {@link #seal} of that name; true without a key. */
  default boolean isSeal(ObjectName name, String seal) {
    return true;
  }

  /**
   * Discards this host's copy of the object, if there is one, so that the next read asks the store.
   *
   * @return whether the copy was older than this process, so that another read may say more
   */
  default boolean discardCopy(ObjectName name) {
    return false;
  }

  /**
   * Fills the buffer from the object's bytes at the offset, and returns the number of bytes: fewer
   * than requested only at the end of the object, 0 beyond it.
   *
   * @throws StoreException.Absent if there is no such object
   */
  int read(ObjectName name, long offset, ByteBuffer target) throws StoreException;

  /**
   * All objects whose names begin with the folder, sorted by name. Includes everything published
   * before the call; objects published meanwhile may be included.
   *
   * @param folder ends with a slash, or is empty for everything
   */
  List<StoredObject> list(String folder) throws StoreException;

  /**
   * Deletes the object; a missing one is not an error.
   *
   * @throws StoreException.Kept if a lock keeps it
   */
  void delete(ObjectName name) throws StoreException;

  /** Deletes unpublished objects of writers that died before this time. */
  void clearUnfinished(Instant before) throws StoreException;

  /**
   * The object from beginning to end, read in pieces, so that a broken connection costs only one.
   */
  default InputStream open(ObjectName name) throws StoreException {
    return ObjectStream.open(this, name);
  }

  /** Closes connections. A pending object is discarded by its writer, not by this. */
  @Override
  void close();
}
