package dev.keg.backup.store.encrypted;

import dev.keg.age.AgeException;
import dev.keg.age.AgeInput;
import dev.keg.age.AgeOutput;
import dev.keg.age.Head;
import dev.keg.age.Identity;
import dev.keg.age.PassPhrase;
import dev.keg.age.Payload;
import dev.keg.age.Recipient;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The objects {@code keys/NAME.age}: the repository's secret, wrapped for each key that opens it.
 * For each write-only host there is also {@code keys/NAME.SEAL.writer}, which proves to the host
 * that its key belongs to this repository.
 */
public final class KeyRing {
  static final String FOLDER = "keys/";

  private static final String SUFFIX = ".age";
  private static final String WRITER = ".writer";
  private static final int LARGEST = 1 << 16;

  /**
   * A limit, since each costs a request and perhaps a second of work, and anybody who can write may
   * add some.
   */
  private static final int MOST = 100;

  /** The shortest line with a secret key. */
  private static final int SHORTEST = 75;

  private final ObjectStore store;

  /** For an unencrypted store. */
  KeyRing(ObjectStore store) {
    this.store = store;
  }

  /** The kind of a key. */
  public enum Kind {
    PASS_PHRASE,
    KEY,
    /** It opens nothing, and a host writes with it. */
    WRITE_ONLY,
    /** Its object cannot be read. */
    DAMAGED
  }

  /** A key that opens the repository, or that of a write-only host. */
  public record Entry(String name, Kind kind, Instant added) {}

  /** Whether the text is a valid name for a key. */
  public static boolean isName(String text) {
    return text.matches("[a-z0-9][a-z0-9-]{0,31}");
  }

  public List<Entry> list() throws StoreException {
    List<Entry> entries = new ArrayList<>();
    for (StoredObject object : store.list(FOLDER)) {
      if (isOpener(object.name())) {
        entries.add(new Entry(called(object.name()), kind(object.name()), object.stored()));
      } else if (isWriter(object.name())) {
        entries.add(new Entry(called(object.name()), Kind.WRITE_ONLY, object.stored()));
      }
    }
    return entries;
  }

  private static boolean isOpener(ObjectName name) {
    return name.text().endsWith(SUFFIX);
  }

  private static boolean isWriter(ObjectName name) {
    return name.text().endsWith(WRITER);
  }

  /** The operator's name for the key. */
  private static String called(ObjectName name) {
    String last = name.last();
    return last.substring(0, last.indexOf('.'));
  }

  private List<StoredObject> objects() throws StoreException {
    return store.list(FOLDER).stream().filter(object -> isOpener(object.name())).toList();
  }

  boolean isEmpty() throws StoreException {
    return objects().isEmpty();
  }

  private Kind kind(ObjectName name) throws StoreException {
    try {
      ByteArrayInputStream file = new ByteArrayInputStream(read(name));
      boolean phrase = Head.stanzas(file).stream().anyMatch(PassPhrase::isWrapped);
      if (Payload.contentLength(file.available() - Head.NONCE).orElse(0L) < SHORTEST) {
        return Kind.DAMAGED;
      }
      return phrase ? Kind.PASS_PHRASE : Kind.KEY;
    } catch (AgeException _) {
      return Kind.DAMAGED;
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }

  private byte[] read(ObjectName name) throws StoreException {
    ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
    int length = store.read(name, 0, buffer);
    return Arrays.copyOf(buffer.array(), length);
  }

  public void add(String name, RepositoryKey key, List<Recipient> recipients)
      throws StoreException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      AgeOutput out = new AgeOutput(file, Head.create(recipients));
      out.write(key.text().getBytes(StandardCharsets.US_ASCII));
      out.finish();
    } catch (IOException e) {
      throw StoreException.of(e);
    }
    put(object(name), file.toByteArray());
  }

  /** Adds a key for a write-only host. */
  public void addWriter(String name, WriteKey key) throws StoreException {
    ObjectName sealed = new ObjectName(FOLDER + name + "." + key.seal(writer(name)) + WRITER);
    put(sealed, "write only\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static ObjectName writer(String name) {
    return new ObjectName(FOLDER + name + WRITER);
  }

  /** Whether the key may write to this repository. */
  boolean isKnown(WriteKey key) throws StoreException {
    return store.list(FOLDER).stream()
        .map(StoredObject::name)
        .filter(KeyRing::isWriter)
        .anyMatch(name -> key.isSeal(writer(called(name)), seal(name)));
  }

  private static String seal(ObjectName writer) {
    String last = writer.last();
    int from = last.indexOf('.') + 1;
    return last.substring(from, Math.max(from, last.length() - WRITER.length()));
  }

  /**
   * Fails if a lock keeps one of these keys, before anything is begun that could not be completed.
   */
  public void requireRemovable(Collection<String> names) throws StoreException {
    for (ObjectName object : named(names)) {
      Optional<Instant> until = store.keptUntil(object);
      if (until.isPresent()) {
        throw new StoreException.Kept(store.address(), object, until.get());
      }
    }
  }

  /** Removes the key of this name. */
  public void remove(String name) throws StoreException {
    for (ObjectName object : named(Set.of(name))) {
      store.delete(object);
    }
  }

  private List<ObjectName> named(Collection<String> names) throws StoreException {
    return store.list(FOLDER).stream()
        .map(StoredObject::name)
        .filter(object -> isOpener(object) || isWriter(object))
        .filter(object -> names.contains(called(object)))
        .toList();
  }

  /**
   * Removes those of the keys that exist, and returns what is needed to restore them. If it fails,
   * it restores those already removed.
   */
  public Map<ObjectName, byte[]> take(Collection<String> names) throws StoreException {
    Map<ObjectName, byte[]> taken = new TreeMap<>();
    for (ObjectName object : named(names)) {
      try {
        taken.put(object, read(object));
      } catch (StoreException.Absent _) {
        // Somebody else removed it.
      }
    }
    try {
      for (ObjectName object : taken.keySet()) {
        store.delete(object);
      }
    } catch (StoreException e) {
      try {
        putBack(taken);
      } catch (StoreException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    return taken;
  }

  /** Restores missing keys; tries all, even after a failure. */
  public void putBack(Map<ObjectName, byte[]> taken) throws StoreException {
    @Nullable StoreException failure = null;
    for (Map.Entry<ObjectName, byte[]> key : taken.entrySet()) {
      try {
        put(key.getKey(), key.getValue());
      } catch (StoreException.AlreadyExists _) {
        // It was not removed.
      } catch (StoreException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Removes a key, and restores it if no other is left, as when somebody else removes another at
   * the same time.
   *
   * @return whether it is removed
   */
  public boolean removeUnlessLast(String name) throws StoreException {
    Map<ObjectName, byte[]> taken = take(Set.of(name));
    if (taken.keySet().stream().allMatch(KeyRing::isWriter)
        || list().stream().anyMatch(entry -> isOpening(entry.kind()))) {
      return true;
    }
    putBack(taken);
    return false;
  }

  private static boolean isOpening(Kind kind) {
    return kind == Kind.KEY || kind == Kind.PASS_PHRASE;
  }

  private void put(ObjectName name, byte[] file) throws StoreException {
    // No lock: a leaked write key must be removable at once, and no backup needs it.
    try (PendingObject object =
        isWriter(name) ? store.createPassing(name, Size.ZERO) : store.create(name, Size.ZERO)) {
      object.write(file);
      object.publish();
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }

  private static ObjectName object(String name) {
    return new ObjectName(FOLDER + name + SUFFIX);
  }

  /**
   * The secrets in all objects that one of these identities opens; none of them is authenticated.
   */
  List<RepositoryKey> unlock(List<Identity> identities) throws StoreException {
    List<StoredObject> objects = objects();
    if (objects.size() > MOST) {
      throw new StoreException.Failed(
          store.address(),
          "open",
          "it has %d keys, and at most %d are tried".formatted(objects.size(), MOST),
          "`keg repo key ls` lists them, `keg repo key rm` removes those that you do not know");
    }
    List<RepositoryKey> found = new ArrayList<>();
    for (StoredObject object : objects) {
      unlock(object.name(), identities).ifPresent(found::add);
    }
    return found;
  }

  private Optional<RepositoryKey> unlock(ObjectName name, List<Identity> identities)
      throws StoreException {
    try (InputStream in = AgeInput.open(new ByteArrayInputStream(read(name)), identities)) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return Optional.of(RepositoryKey.parse(text));
    } catch (AgeException _) {
      return Optional.empty(); // it is for another key, or damaged, in which case no key opens it
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }
}
