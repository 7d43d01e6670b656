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
import java.util.TreeMap;

/**
 * The objects {@code keys/NAME.age}: the repository's secret, wrapped for each key that opens it.
 */
public final class KeyRing {
  static final String FOLDER = "keys/";

  private static final String SUFFIX = ".age";
  private static final int LARGEST = 1 << 16;

  /** Each costs a request and perhaps a second of work, and whoever can write may add some. */
  private static final int MOST = 100;

  /** A line with a secret key. */
  private static final int SHORTEST = 75;

  private final ObjectStore store;

  /** A store that encrypts nothing. */
  KeyRing(ObjectStore store) {
    this.store = store;
  }

  /** What opens the repository. */
  public enum Kind {
    PASS_PHRASE,
    KEY,
    /** Its object cannot be read. */
    DAMAGED
  }

  /** A key that opens the repository. */
  public record Entry(String name, Kind kind, Instant added) {}

  /** Whether a key can be called so. */
  public static boolean isName(String text) {
    return text.matches("[a-z0-9][a-z0-9-]{0,31}");
  }

  public List<Entry> list() throws StoreException {
    List<Entry> entries = new ArrayList<>();
    for (StoredObject object : objects()) {
      String last = object.name().last();
      entries.add(
          new Entry(
              last.substring(0, last.length() - SUFFIX.length()),
              kind(object.name()),
              object.stored()));
    }
    return entries;
  }

  private List<StoredObject> objects() throws StoreException {
    return store.list(FOLDER).stream()
        .filter(object -> object.name().text().endsWith(SUFFIX))
        .toList();
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
    put(name, file.toByteArray());
  }

  public void remove(String name) throws StoreException {
    store.delete(object(name));
  }

  /** Removes keys, those of them that are there, and returns what puts them back. */
  public Map<String, byte[]> take(Collection<String> names) throws StoreException {
    Map<String, byte[]> taken = new TreeMap<>();
    for (String name : names) {
      try {
        taken.put(name, read(object(name)));
      } catch (StoreException.Absent _) {
        // somebody else removed it
      }
    }
    for (String name : taken.keySet()) {
      remove(name);
    }
    return taken;
  }

  public void putBack(Map<String, byte[]> taken) throws StoreException {
    for (Map.Entry<String, byte[]> key : taken.entrySet()) {
      put(key.getKey(), key.getValue());
    }
  }

  /**
   * Removes a key, and puts it back if no other is left then: somebody else may remove another at
   * the same time.
   *
   * @return whether it is removed
   */
  public boolean removeUnlessLast(String name) throws StoreException {
    byte[] key = read(object(name));
    remove(name);
    if (list().stream().anyMatch(entry -> entry.kind() != Kind.DAMAGED)) {
      return true;
    }
    put(name, key);
    return false;
  }

  private void put(String name, byte[] file) throws StoreException {
    try (PendingObject object = store.create(object(name), Size.ZERO)) {
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
   * The secrets in all objects that one of these opens; whoever made the object vouches for none.
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
      return Optional.empty(); // for another key, or damaged: then no key opens it
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }
}
