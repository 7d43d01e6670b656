package dev.keg.backup.replica;

import dev.keg.age.PublicKey;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.Fetch;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.encrypted.KeyRing;
import dev.keg.backup.store.encrypted.KeyRing.Entry;
import dev.keg.backup.store.encrypted.RepositoryKey;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.backup.store.encrypted.Vault;
import dev.keg.backup.store.encrypted.WriteKey;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.file.AtomicFile;
import dev.keg.file.FileFailures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of a repository. */
public final class RepositoryKeys implements AutoCloseable {
  private final ObjectStore store;
  private final RepositoryEncryption encryption;
  private final Vault vault;

  /** The names of the keys before one of them was used. */
  private Set<String> before = Set.of();

  private RepositoryKeys(ObjectStore store, RepositoryEncryption encryption, Vault vault) {
    this.store = store;
    this.encryption = encryption;
    this.vault = vault;
  }

  static RepositoryKeys open(ObjectStore store, RepositoryEncryption encryption) {
    Vault vault = RepositoryEncryption.vault(store);
    if (StoreFailures.translate(vault::state) != Vault.State.ENCRYPTED) {
      throw new InvalidRepository(
          store.address() + " is not encrypted",
          "it was created unencrypted and stays so; `keg backup --encrypt --to NEW` creates an"
              + " encrypted one");
    }
    return new RepositoryKeys(store, encryption, vault);
  }

  public String address() {
    return store.address();
  }

  /** All keys; listing them requires no key. */
  public List<Entry> list() {
    return StoreFailures.translate(vault.keys()::list);
  }

  /**
   * Adds a key.
   *
   * @param name a random name if it is empty
   * @return the key's name
   */
  public String add(Optional<String> name, Secret secret) {
    return StoreFailures.translate(() -> add(name, secret, key()));
  }

  /**
   * Adds a key that lets a host make backups but opens nothing. It is in a new file, readable only
   * by the owner, before this returns.
   *
   * @return the key's name
   */
  public String addWriter(Optional<String> name, Path file) {
    return StoreFailures.translate(
        () -> {
          RepositoryKey key = key();
          String called = newName(name);
          WriteKey writing = key.writing(Repository.description(vault.opened(key)));
          String text =
              "# %s backs up to %s with this key; it neither reads nor forgets\n%s\n"
                  .formatted(called, address(), writing.text());
          FileFailures.run("create", file, () -> create(file, text));
          try {
            return add(called, () -> vault.keys().addWriter(called, writing));
          } catch (StoreException e) {
            delete(file, e);
            throw e;
          }
        });
  }

  private static void create(Path file, String text) throws IOException {
    try {
      AtomicFile.writeNew(file, text.getBytes(StandardCharsets.US_ASCII));
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      delete(file, e);
      throw e;
    }
  }

  private static void delete(Path file, IOException reason) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private String add(Optional<String> name, Secret secret, RepositoryKey key)
      throws StoreException {
    if (secret.recipients().isEmpty()) {
      throw new InvalidRepository(
          "a write key opens no repository", "make one for another host with --write-only");
    }
    String called = newName(name);
    return add(called, () -> vault.keys().add(called, key, secret.recipients()));
  }

  private String newName(Optional<String> name) {
    String called = name.orElseGet(encryption::name);
    if (!KeyRing.isName(called)) {
      throw new InvalidRepository(
          "invalid name of a key: '" + called + "'", "use lower-case letters, digits and hyphens");
    }
    return called;
  }

  /** Writes a key to the store. */
  private interface Addition {
    void run() throws StoreException;
  }

  private String add(String called, Addition addition) throws StoreException {
    if (before.contains(called)) {
      throw taken(called);
    }
    try {
      addition.run();
    } catch (StoreException.AlreadyExists _) {
      throw taken(called);
    }
    try {
      requireUnchanged(called);
    } catch (StoreException e) {
      takeBack(called, e);
      throw e;
    }
    return called;
  }

  private StoreException taken(String called) {
    return failed(
        "key '" + called + "' already exists", "choose another --name, or remove it first");
  }

  /** Fails if the secret was rotated while a person typed the new key. */
  private void requireUnchanged(String added) throws StoreException {
    Set<String> expected = new HashSet<>(before);
    expected.add(added);
    if (!names().equals(expected)) {
      throw failed("its keys changed meanwhile", "run the command again");
    }
  }

  private void takeBack(String added, StoreException reason) {
    try {
      vault.keys().remove(added);
    } catch (StoreException e) {
      reason.addSuppressed(e);
    }
  }

  private Set<String> names() throws StoreException {
    return vault.keys().list().stream().map(Entry::name).collect(Collectors.toSet());
  }

  private StoreException failed(String why, String hint) {
    return new StoreException.Failed(address(), "keys", why, hint);
  }

  /** Asks for the key if necessary; fails if it is wrong. */
  public void unlock() {
    StoreFailures.translate(this::key);
  }

  private RepositoryKey key() throws StoreException {
    if (before.isEmpty()) {
      before = names();
    }
    return encryption.key(vault, store);
  }

  /**
   * Removes a key. Somebody who has read the secret with it can still read the repository; see
   * {@link #rotate}.
   */
  public void remove(String name) {
    List<Entry> all = list();
    if (all.stream().noneMatch(entry -> entry.name().equals(name))) {
      throw new InvalidRepository(
          "%s has no key '%s'".formatted(address(), name), "`keg repo key ls` lists them");
    }
    if (!StoreFailures.translate(() -> vault.keys().removeUnlessLast(name))) {
      throw new InvalidRepository(
          "'%s' is the only key of %s".formatted(name, address()),
          "add another first; without a key nobody can read the backups");
    }
  }

  /**
   * Encrypts further data with a new secret, which only this key opens. Other keys are removed,
   * since the new secret cannot be wrapped for an unknown pass phrase. If this is killed, old keys
   * remain that open the old secret; they fail once a backup with the new secret exists.
   *
   * @return the key's name
   */
  public String rotate(Secret secret) {
    return StoreFailures.translate(
        () -> {
          RepositoryKey key = key();
          vault.keys().requireRemovable(before);
          String name = add(Optional.empty(), secret, key.rotated());
          try {
            // Only after adding the key: backups published since were not examined.
            requireOpensAll(key);
          } catch (StoreException e) {
            takeBack(name, e);
            throw e;
          }
          removeUnlessNewer(key);
          return name;
        });
  }

  /**
   * Removes the old keys, and checks again: a host that knows a newer secret through one of them
   * may have published meanwhile. If so, restores them and keeps the new key, which may be in use.
   */
  private void removeUnlessNewer(RepositoryKey key) throws StoreException {
    Map<ObjectName, byte[]> old = vault.keys().take(before);
    try {
      requireOpensAll(key);
    } catch (StoreException e) {
      try {
        vault.keys().putBack(old);
      } catch (StoreException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * Refuses if there is data with a newer secret, which nobody could read after its key is removed.
   */
  private void requireOpensAll(RepositoryKey key) throws StoreException {
    ObjectStore opened = vault.opened(key);
    try {
      Fetch.each(opened.list(Repository.HEADS), head -> isOpened(opened, head));
    } catch (StoreException.Forged e) {
      throw failed(
          "this key does not open every backup: " + e.object() + ": " + e.why(),
          "if it was made with a newer secret, use a key of that one; if it is damaged, delete it");
    }
  }

  private static boolean isOpened(ObjectStore opened, StoredObject head) throws StoreException {
    try {
      return opened.read(head.name(), 0, ByteBuffer.allocate(1)) > 0;
    } catch (StoreException.Absent _) {
      return false; // forgotten since the list was read
    }
  }

  /** A public key as the secret for which files are encrypted. */
  public static Secret recipient(String text) {
    if (!PublicKey.isMeant(text)) {
      throw new InvalidRepository(
          "'" + text + "' is not a public key", "age-keygen prints one: age1…");
    }
    try {
      return Secret.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidRepository("'%s': %s".formatted(text, e.getMessage()), null);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
