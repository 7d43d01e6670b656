package dev.keg.backup.store.encrypted;

import dev.keg.age.AgeException;
import dev.keg.age.AgeInput;
import dev.keg.age.AgeOutput;
import dev.keg.age.Head;
import dev.keg.age.Identity;
import dev.keg.age.PassPhrase;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The objects {@code keys/NAME.age}: the repository's secret, wrapped for each key that opens it.
 */
public final class KeyRing {
  static final String FOLDER = "keys/";

  private static final String SUFFIX = ".age";
  private static final int LARGEST = 1 << 16;

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
      return Head.stanzas(new ByteArrayInputStream(read(name))).stream()
              .anyMatch(PassPhrase::isWrapped)
          ? Kind.PASS_PHRASE
          : Kind.KEY;
    } catch (AgeException _) {
      return Kind.DAMAGED;
    } catch (IOException e) {
      throw storeFailure(e);
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
    try (PendingObject object = store.create(object(name), Size.ZERO)) {
      AgeOutput out = new AgeOutput(file, Head.create(recipients));
      out.write(key.text().getBytes(StandardCharsets.US_ASCII));
      out.finish();
      object.write(file.toByteArray());
      object.publish();
    } catch (IOException e) {
      throw storeFailure(e);
    }
  }

  public void remove(String name) throws StoreException {
    store.delete(object(name));
  }

  private static ObjectName object(String name) {
    return new ObjectName(FOLDER + name + SUFFIX);
  }

  /** The secret, with the keys of all objects that one of these opens; empty if none does. */
  Optional<RepositoryKey> unlock(List<Identity> identities) throws StoreException {
    @Nullable RepositoryKey found = null;
    for (StoredObject object : objects()) {
      Optional<RepositoryKey> key = unlock(object.name(), identities);
      if (key.isPresent()) {
        found = found == null ? key.get() : found.with(key.get());
      }
    }
    return Optional.ofNullable(found);
  }

  private Optional<RepositoryKey> unlock(ObjectName name, List<Identity> identities)
      throws StoreException {
    try (InputStream in = AgeInput.open(new ByteArrayInputStream(read(name)), identities)) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return Optional.of(RepositoryKey.parse(text));
    } catch (AgeException _) {
      return Optional.empty(); // for another key, or damaged: then no key opens it
    } catch (IOException e) {
      throw storeFailure(e);
    }
  }

  private static StoreException storeFailure(IOException e) {
    if (e instanceof StoreException failure) {
      return failure;
    }
    throw new IllegalStateException("a store fails in its own words only", e);
  }
}
