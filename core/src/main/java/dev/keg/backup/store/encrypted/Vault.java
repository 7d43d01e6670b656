package dev.keg.backup.store.encrypted;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that may be encrypted: detects that, opens it, and encrypts an empty one. */
public final class Vault {
  private static final String HINT =
      "type the pass phrase at a terminal, or give the key with --key-file, --key-command, --key-fd"
          + " or KEG_KEY_FILE";

  private final ObjectStore store;
  private final List<ObjectName> descriptions;

  /**
   * @param descriptions the objects that identify a repository
   */
  public Vault(ObjectStore store, List<ObjectName> descriptions) {
    this.store = store;
    this.descriptions = List.copyOf(descriptions);
  }

  /** The state of the store. */
  public enum State {
    EMPTY,
    PLAIN,
    ENCRYPTED
  }

  public State state() throws StoreException {
    for (ObjectName name : descriptions) {
      ByteBuffer start = ByteBuffer.allocate(22);
      try {
        store.read(name, 0, start);
      } catch (StoreException.Absent _) {
        continue;
      }
      String text = new String(start.array(), 0, start.position(), StandardCharsets.ISO_8859_1);
      return text.equals("age-encryption.org/v1\n") ? State.ENCRYPTED : State.PLAIN;
    }
    // The creator writes the keys first, and was killed before it wrote the description.
    return keys().isEmpty() ? State.EMPTY : State.ENCRYPTED;
  }

  public KeyRing keys() {
    return new KeyRing(store);
  }

  /** The repository's secret, unlocked with the source. */
  public RepositoryKey unlock(KeySource source) throws StoreException {
    return requireOpening(unlockToWrite(source));
  }

  /** The same key, if it opens anything. */
  public RepositoryKey requireOpening(RepositoryKey key) throws StoreException {
    if (key.isWriteOnly()) {
      throw failed(
          "a write key only backs up",
          "use a key that opens the repository, on a host that may have one");
    }
    return key;
  }

  /** The key that writes to the repository, unlocked with the source; it may open nothing. */
  public RepositoryKey unlockToWrite(KeySource source) throws StoreException {
    Secret secret =
        given(() -> source.opening(store.address()))
            .orElseThrow(() -> failed("it is encrypted, but no key is given", HINT));
    if (secret.writing().isPresent()) {
      return toWrite(secret.writing().get());
    }
    if (secret.identities().isEmpty()) {
      throw failed("a public key opens no repository", "give the secret key that belongs to it");
    }
    List<RepositoryKey> opened = keys().unlock(secret.identities());
    if (opened.isEmpty()) {
      throw failed("the pass phrase or key is wrong", damagedKeys());
    }
    return RepositoryKey.joined(ofDescription(opened))
        .orElseThrow(
            () ->
                failed(
                    "its keys have different secrets",
                    "`keg repo key ls` lists them; remove those that do not belong to it"));
  }

  /** Requires a write key of this repository: nobody could read what a host writes with another. */
  private RepositoryKey toWrite(WriteKey key) throws StoreException {
    if (!keys().isKnown(key)) {
      throw failed(
          "this write key belongs to another repository, or was removed",
          "create one for this host with `keg repo key add --write-only`");
    }
    return RepositoryKey.toWrite(key);
  }

  private @Nullable String damagedKeys() throws StoreException {
    List<String> damaged =
        keys().list().stream()
            .filter(entry -> entry.kind() == KeyRing.Kind.DAMAGED)
            .map(entry -> KeyRing.FOLDER + entry.name() + ".age")
            .toList();
    return damaged.isEmpty()
        ? null
        : "or its key is damaged: %s; `keg repo key ls` lists all"
            .formatted(String.join(", ", damaged));
  }

  /**
   * The secrets that open the description. Anybody who can write to the store can add a secret,
   * wrapped for a known public key; but it opens nothing in the repository.
   */
  private List<RepositoryKey> ofDescription(List<RepositoryKey> keys) throws StoreException {
    for (ObjectName name : descriptions) {
      List<RepositoryKey> fitting = new ArrayList<>();
      StoreException.@Nullable Forged last = null;
      try {
        for (RepositoryKey key : keys) {
          try {
            opened(key).read(name, 0, ByteBuffer.allocate(1));
            fitting.add(key);
          } catch (StoreException.Forged e) {
            last = e;
          }
        }
      } catch (StoreException.Absent _) {
        continue;
      }
      if (fitting.isEmpty() && last != null) {
        throw last;
      }
      return fitting;
    }
    return keys; // the creator was killed before it wrote a description
  }

  /**
   * Creates a secret, wrapped for a key from the source; empty if it provides none.
   *
   * @param wanted whether the operator requested encryption
   */
  public Optional<RepositoryKey> make(KeySource source, String name, boolean wanted)
      throws StoreException {
    Optional<Secret> secret =
        given(
            () -> {
              Optional<Secret> given = source.given();
              return given.isPresent() ? given : source.choose(store.address(), wanted);
            });
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    if (secret.get().writing().isPresent()) {
      throw failed(
          "there is no repository, and a write key cannot create one",
          "create it with a key that opens it, on another host");
    }
    RepositoryKey key = RepositoryKey.random();
    keys().add(name, key, secret.get().recipients());
    return Optional.of(key);
  }

  public ObjectStore opened(RepositoryKey key) {
    return new EncryptedStore(store, key);
  }

  private Optional<Secret> given(Supplier<Optional<Secret>> source) throws StoreException {
    try {
      return source.get();
    } catch (IllegalArgumentException e) {
      throw failed("the key cannot be used: " + e.getMessage(), null);
    }
  }

  private StoreException failed(String why, @Nullable String hint) {
    return new StoreException.Failed(store.address(), "open", why, hint);
  }
}
