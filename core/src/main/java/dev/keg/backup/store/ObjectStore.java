package dev.keg.backup.store;

import dev.keg.volume.Size;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A place for immutable objects. Every operation may be repeated; those that ask, read or delete
 * are repeated by the store itself while the failure looks temporary. Safe for several threads, and
 * for several machines at once: there are no locks to leave behind.
 */
public interface ObjectStore extends AutoCloseable {
  /** What messages call it: its address, without secrets. */
  String address();

  /**
   * Begins an object. Nothing of it is visible before {@link PendingObject#publish}.
   *
   * @param expected about how large it will be, {@link Size#ZERO} where nobody knows; a hint
   */
  PendingObject create(ObjectName name, Size expected) throws StoreException;

  /** The same for an object that is of no use for long, so that a lock need not keep it. */
  default PendingObject createPassing(ObjectName name, Size expected) throws StoreException {
    return create(name, expected);
  }

  /** How long nobody can delete what {@link #create} writes; zero for a store without such. */
  default Duration lock() {
    return Duration.ZERO;
  }

  /**
   * Lets nobody delete the object before that time, or a later one if it is kept longer already.
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

  /** Until when a lock keeps the object; empty if none does. */
  default Optional<Instant> keptUntil(ObjectName name) throws StoreException {
    return Optional.empty();
  }

  /** Whether the size that {@link #create} is told bounds how large an object can become. */
  default boolean wantsSizes() {
    return false;
  }

  /** Whether it reads nothing but what it has written itself since it was opened. */
  default boolean isWriteOnly() {
    return false;
  }

  /** Whether an object that can be read is what was written under its name. */
  default boolean provesNames() {
    return false;
  }

  /**
   * A text for the name of an object that says something by its name alone: only who has the key
   * can make it. Empty where there is no key.
   */
  default String seal(ObjectName name) {
    return "";
  }

  /** Whether it is the {@link #seal} of that name; true where there is no key. */
  default boolean isSeal(ObjectName name, String seal) {
    return true;
  }

  /**
   * Fills the buffer from the object's bytes at the offset, and returns how many it got: fewer than
   * asked for only where the object ends, 0 beyond its end.
   *
   * @throws StoreException.Absent if there is no such object
   */
  int read(ObjectName name, long offset, ByteBuffer target) throws StoreException;

  /**
   * All objects whose names begin with the folder, sorted by name. What was published before the
   * call is in it; what is published meanwhile may be.
   *
   * @param folder ends in a slash, or is empty for everything
   */
  List<StoredObject> list(String folder) throws StoreException;

  /**
   * Deletes the object; one that is not there is deleted already.
   *
   * @throws StoreException.Kept if a lock keeps it
   */
  void delete(ObjectName name) throws StoreException;

  /** Clears away what writers that died before this time left unpublished. */
  void clearUnfinished(Instant before) throws StoreException;

  /** The object from its beginning to its end, read piece by piece, so that a break costs one. */
  default InputStream open(ObjectName name) throws StoreException {
    return ObjectStream.open(this, name);
  }

  /** Lets connections go. What is pending is discarded by its writer, not by this. */
  @Override
  void close();
}
