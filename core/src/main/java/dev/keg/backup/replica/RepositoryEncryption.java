package dev.keg.backup.replica;

import dev.keg.backup.replica.Repositories.Creation;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.encrypted.KeyRing;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.RepositoryKey;
import dev.keg.backup.store.encrypted.Vault;
import dev.keg.backup.store.encrypted.Vault.State;
import dev.keg.error.BackupException.RepositoryFailed;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Adds encryption to the store of a repository that is encrypted or created encrypted. */
final class RepositoryEncryption {
  private static final List<ObjectName> DESCRIPTIONS =
      List.of(new ObjectName(Repository.DESCRIPTION), new ObjectName(Repository.UPGRADE));

  private final KeySource source;
  private final RandomGenerator random;
  private final RepositoryMemory memory;
  private final Map<String, RepositoryKey> known = new ConcurrentHashMap<>();
  private final Map<String, String> made = new ConcurrentHashMap<>();

  RepositoryEncryption(KeySource source, RandomGenerator random, RepositoryMemory memory) {
    this.memory = memory;
    this.source = source;
    this.random = random;
  }

  static Vault vault(ObjectStore store) {
    return new Vault(store, DESCRIPTIONS);
  }

  ObjectStore open(ObjectStore store, boolean remote) throws StoreException {
    Vault vault = vault(store);
    if (vault.state() == State.ENCRYPTED) {
      return vault.opened(key(vault, store));
    }
    requireNeverEncrypted(store);
    if (remote && source.isNamed()) {
      throw new StoreException.Failed(
          store.address(),
          "open",
          "a key is given, but the repository is not encrypted",
          "leave out --key-file and --key-command if it was created unencrypted");
    }
    return store;
  }

  private void requireNeverEncrypted(ObjectStore store) throws StoreException {
    if (memory.key(store.address()).isPresent()) {
      throw replaced(store, "it was encrypted, but no longer is");
    }
  }

  private static StoreException replaced(ObjectStore store, String why) {
    return new StoreException.Failed(
        store.address(),
        "open",
        why,
        "somebody may have put another repository in its place; if it was you, `keg repo accept %s`"
            .formatted(store.address()));
  }

  /** Opens whatever repository exists now, even if another was there before. */
  ObjectStore openAnyway(ObjectStore store) throws StoreException {
    Vault vault = vault(store);
    if (vault.state() != State.ENCRYPTED) {
      return store;
    }
    RepositoryKey key = vault.unlock(source);
    known.put(store.address(), key);
    return vault.opened(key);
  }

  /** Accepts the opened repository as the expected one. */
  void accept(ObjectStore store) {
    memory.forget(store.address());
    RepositoryKey key = known.get(store.address());
    if (key != null) {
      memory.rememberKey(store.address(), key.fingerprint());
    }
  }

  /**
   * Opens or creates the repository in the store. A new secret is remembered once the repository
   * has it; if somebody else created the repository at the same time, the secret is removed again.
   */
  <T> T settled(ObjectStore store, Supplier<T> work) {
    try {
      T opened = work.get();
      RepositoryKey key = known.get(store.address());
      if (made.remove(store.address()) != null && key != null) {
        memory.rememberKey(store.address(), key.fingerprint());
      }
      return opened;
    } catch (RepositoryFailed e) {
      if (e.getCause() instanceof StoreException.Forged forged
          && made.containsKey(store.address())) {
        StoreFailures.run(() -> takeBack(store));
        throw StoreFailures.failure(
            new StoreException.Failed(
                store.address(),
                "create",
                "another host made it at the same time",
                "run the command again",
                forged));
      }
      throw e;
    }
  }

  /** Requires that a key opens the same secret as before. */
  private void requireSame(ObjectStore store, RepositoryKey key) throws StoreException {
    Optional<String> before = memory.key(store.address());
    if (before.isEmpty()) {
      memory.rememberKey(store.address(), key.fingerprint());
    } else if (!before.get().equals(key.fingerprint())) {
      throw replaced(store, "it has another secret than before");
    }
  }

  /** Gets the key; a command that opens a repository several times asks only once. */
  RepositoryKey key(Vault vault, ObjectStore store) throws StoreException {
    return vault.requireOpening(keyToWrite(vault, store));
  }

  private RepositoryKey keyToWrite(Vault vault, ObjectStore store) throws StoreException {
    RepositoryKey key = known.get(store.address());
    if (key == null) {
      key = vault.unlockToWrite(source);
      requireSame(store, key);
      known.put(store.address(), key);
    }
    return key;
  }

  /** The repository's description, if it was opened with a write-only key. */
  Optional<byte[]> description(ObjectStore store) {
    return Optional.ofNullable(known.get(store.address())).flatMap(RepositoryKey::description);
  }

  ObjectStore openOrMake(ObjectStore store, Creation choice, boolean remote) throws StoreException {
    return openOrMake(store, choice, remote, false);
  }

  /**
   * @param toWrite whether a write-only key will do
   */
  ObjectStore openOrMake(ObjectStore store, Creation choice, boolean remote, boolean toWrite)
      throws StoreException {
    Vault vault = vault(store);
    return switch (vault.state()) {
      case ENCRYPTED -> vault.opened(toWrite ? keyToWrite(vault, store) : key(vault, store));
      case PLAIN -> plain(store, choice, remote);
      case EMPTY -> make(vault, store, choice, remote);
    };
  }

  /**
   * Opens an unencrypted repository. A server may have replaced an encrypted one that the operator
   * expects.
   */
  private ObjectStore plain(ObjectStore store, Creation choice, boolean remote)
      throws StoreException {
    requireNeverEncrypted(store);
    if (choice == Creation.ENCRYPTED) {
      throw new StoreException.Failed(
          store.address(),
          "open",
          "the repository was created unencrypted and stays so",
          "choose another place for an encrypted one; --no-encryption writes to this one");
    }
    if (choice != Creation.PLAIN && remote && source.given().isPresent()) {
      throw new StoreException.Failed(
          store.address(),
          "open",
          "a key is given, but the repository is not encrypted",
          "--no-encryption writes to it anyway");
    }
    return store;
  }

  private ObjectStore make(Vault vault, ObjectStore store, Creation choice, boolean remote)
      throws StoreException {
    requireNeverEncrypted(store);
    boolean wanted = choice == Creation.ENCRYPTED || choice == Creation.ENCRYPTED_IF_NEW;
    if (choice == Creation.PLAIN || (!wanted && !remote)) {
      return store;
    }
    String name = name();
    RepositoryKey key =
        vault
            .make(source, name, wanted)
            .orElseThrow(
                () ->
                    new StoreException.Failed(
                        store.address(),
                        "create",
                        wanted
                            ? "no key is given"
                            : "a repository on another machine is encrypted, but no key is given",
                        "give a key with --key-file FILE or KEG_KEY_FILE, or leave it unencrypted"
                            + " with --no-encryption"));
    known.put(store.address(), key);
    made.put(store.address(), name);
    return vault.opened(key);
  }

  /** Removes the key again after somebody else created the repository at the same time. */
  private void takeBack(ObjectStore store) throws StoreException {
    String name = made.remove(store.address());
    if (name != null) {
      known.remove(store.address());
      ring(store).remove(name);
    }
  }

  /** The default name of a new key. */
  String name() {
    return HexFormat.of().toHexDigits(random.nextInt());
  }

  KeyRing ring(ObjectStore store) {
    return vault(store).keys();
  }
}
