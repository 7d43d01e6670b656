package dev.keg.backup.replica;

import dev.keg.age.PublicKey;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.encrypted.KeyRing;
import dev.keg.backup.store.encrypted.KeyRing.Entry;
import dev.keg.backup.store.encrypted.RepositoryKey;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.backup.store.encrypted.Vault;
import dev.keg.error.InvalidInput.InvalidRepository;
import java.util.List;
import java.util.Optional;

/** The keys that open a repository. */
public final class RepositoryKeys implements AutoCloseable {
  private final ObjectStore store;
  private final Encryption encryption;
  private final Vault vault;

  private RepositoryKeys(ObjectStore store, Encryption encryption, Vault vault) {
    this.store = store;
    this.encryption = encryption;
    this.vault = vault;
  }

  static RepositoryKeys open(ObjectStore store, Encryption encryption) {
    Vault vault = Encryption.vault(store);
    if (StoreFailures.translate(vault::state) != Vault.State.ENCRYPTED) {
      throw new InvalidRepository(
          store.address() + " is not encrypted",
          "a repository is encrypted from its first backup on, or never: keg backup --encrypt");
    }
    return new RepositoryKeys(store, encryption, vault);
  }

  public String address() {
    return store.address();
  }

  /** All keys; nobody needs one to see which there are. */
  public List<Entry> list() {
    return StoreFailures.translate(vault.keys()::list);
  }

  /**
   * Lets another key open the repository.
   *
   * @param name what it is called; a random name if it is empty
   * @return its name
   */
  public String add(Optional<String> name, Secret secret) {
    return StoreFailures.translate(() -> add(name, secret, key()));
  }

  private String add(Optional<String> name, Secret secret, RepositoryKey key)
      throws StoreException {
    String called = name.orElseGet(encryption::name);
    if (!KeyRing.isName(called)) {
      throw new InvalidRepository(
          "no key can be named '" + called + "'", "use lower-case letters, digits and hyphens");
    }
    vault.keys().add(called, key, secret.recipients());
    return called;
  }

  /** Asks for the key, if it was not asked for yet; fails if it is wrong. */
  public void unlock() {
    StoreFailures.translate(this::key);
  }

  private RepositoryKey key() throws StoreException {
    return encryption.key(vault, store);
  }

  /** Removes a key. Who has seen the secret with it can still read: see {@link #rotate}. */
  public void remove(String name) {
    List<Entry> all = list();
    if (all.stream().noneMatch(entry -> entry.name().equals(name))) {
      throw new InvalidRepository(
          "%s has no key '%s'".formatted(address(), name), "`keg repo key ls` lists them");
    }
    if (all.stream().filter(entry -> entry.kind() != KeyRing.Kind.DAMAGED).count() < 2) {
      throw new InvalidRepository(
          "'%s' is the only key of %s".formatted(name, address()),
          "add another first; without a key nobody can read the backups");
    }
    StoreFailures.run(() -> vault.keys().remove(name));
  }

  /**
   * Encrypts what is written from now on with a new secret, which only this key opens. The others
   * are removed: nobody can wrap the new secret for a pass phrase that is not known. Killed, it
   * leaves old keys that open the old secret.
   *
   * @return the name of the key
   */
  public String rotate(Secret secret) {
    return StoreFailures.translate(
        () -> {
          List<Entry> old = vault.keys().list();
          String name = add(Optional.empty(), secret, key().rotated());
          for (Entry entry : old) {
            vault.keys().remove(entry.name());
          }
          return name;
        });
  }

  /** A public key as a secret that files are made for. */
  public static Secret recipient(String text) {
    if (!PublicKey.isMeant(text)) {
      throw new InvalidRepository(
          "'" + text + "' is no public key", "age-keygen prints one: age1…");
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
