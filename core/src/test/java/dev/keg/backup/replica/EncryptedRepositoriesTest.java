package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.age.SecretKey;
import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.Repositories.Creation;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.encrypted.EncryptedStore;
import dev.keg.backup.store.encrypted.KeyRing.Entry;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.RepositoryKey;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.backup.store.encrypted.Vault;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EncryptedRepositoriesTest {
  private static final Random NAMES = new Random(1);

  /** A root that does not exist remembers nothing. */
  private static final RepositoryMemory NOTHING =
      new RepositoryMemory(
          new VolumeRegistry(
              new RegistryLayout(Jimfs.newFileSystem(Configuration.unix()).getPath("/keg")),
              DirectorySync.NONE,
              NAMES,
              _ -> {}),
          _ -> {});

  private static final int MOST_STEPS = 100;
  private static final Secret FIRST = Secret.parse(SecretKey.random().text());
  private static final Secret SECOND = Secret.parse(SecretKey.random().text());
  private static final Secret THIRD = Secret.parse(SecretKey.random().text());

  private final MemoryStore store = new MemoryStore(InstantSource.system());

  private static RepositoryEncryption with(Secret secret) {
    return new RepositoryEncryption(() -> Optional.of(secret), NAMES, NOTHING);
  }

  private static Repository repository(ObjectStore in) {
    return Repository.openOrCreate(in, InstantSource.system(), new Random(2));
  }

  @Test
  void a_directory_is_made_plain_unless_it_is_to_be_encrypted() throws StoreException {
    assertThat(with(FIRST).openOrMake(store, Creation.UNSAID, false)).isSameAs(store);
    assertThat(with(FIRST).openOrMake(store, Creation.ENCRYPTED, false)).isNotSameAs(store);
  }

  @Test
  void what_is_made_encrypted_if_it_is_new_may_be_there_and_plain() throws StoreException {
    assertThat(with(FIRST).openOrMake(store, Creation.ENCRYPTED_IF_NEW, false)).isNotSameAs(store);
    MemoryStore plain = new MemoryStore(InstantSource.system());
    repository(plain);
    assertThat(with(FIRST).openOrMake(plain, Creation.ENCRYPTED_IF_NEW, false)).isSameAs(plain);
  }

  @Test
  void a_remote_place_is_made_encrypted_unless_it_is_to_be_plain() throws StoreException {
    RepositoryEncryption none = new RepositoryEncryption(KeySource.NONE, NAMES, NOTHING);

    assertThat(none.openOrMake(store, Creation.PLAIN, true)).isSameAs(store);
    assertThatThrownBy(() -> none.openOrMake(store, Creation.UNSAID, true))
        .isInstanceOf(StoreException.Failed.class)
        .hasMessageContaining("is encrypted, but no key is given");
    assertThat(with(FIRST).openOrMake(store, Creation.UNSAID, true)).isNotSameAs(store);
  }

  @Test
  void nobody_with_a_key_writes_to_a_plain_repository_unaware() throws StoreException {
    repository(store);

    assertThatThrownBy(() -> with(FIRST).openOrMake(store, Creation.UNSAID, true))
        .hasMessageContaining("the repository is not encrypted");
    assertThat(with(FIRST).openOrMake(store, Creation.PLAIN, true)).isSameAs(store);
    assertThat(with(FIRST).openOrMake(store, Creation.UNSAID, false))
        .as("a directory beside an encrypted replica")
        .isSameAs(store);
    assertThat(with(FIRST).open(store, false)).isSameAs(store);
  }

  @Test
  void nobody_who_names_a_key_reads_a_plain_repository_unaware() throws StoreException {
    repository(store);
    RepositoryEncryption encryption = new RepositoryEncryption(KeySource.of(FIRST), NAMES, NOTHING);

    assertThatThrownBy(() -> encryption.open(store, true))
        .hasMessageContaining("a key is given, but the repository is not encrypted");
    assertThat(encryption.open(store, false)).isSameAs(store);
    assertThatThrownBy(() -> encryption.openOrMake(store, Creation.ENCRYPTED, false))
        .hasMessageContaining("the repository was created unencrypted and stays so");
  }

  @Test
  void killed_at_each_step_of_its_making_it_can_be_made_again() throws StoreException {
    for (int step = 0; step < MOST_STEPS; step++) {
      MemoryStore killed = new MemoryStore(InstantSource.system());
      if (!isKilled(killed, step)) {
        return;
      }
      killed.heal();
      RepositoryEncryption again = with(FIRST);
      String id = repository(again.openOrMake(killed, Creation.ENCRYPTED, true)).id().orElseThrow();
      assertThat(repository(with(FIRST).open(killed, false)).id()).contains(id);
    }
    throw new AssertionError("it never ends");
  }

  private static boolean isKilled(MemoryStore store, int step) {
    int[] left = {step};
    store.failBefore(
        operation -> {
          if (left[0]-- == 0) {
            throw new StoreException.Failed("memory:", operation, "killed", null);
          }
        });
    try {
      repository(with(FIRST).openOrMake(store, Creation.ENCRYPTED, true));
      return false;
    } catch (StoreException | RepositoryFailed _) {
      return true;
    }
  }

  @Test
  void of_two_that_make_it_at_once_the_slower_takes_its_key_back() throws StoreException {
    RepositoryEncryption slow = with(SECOND);
    ObjectStore slower = slow.openOrMake(store, Creation.ENCRYPTED, true);
    Vault vault = RepositoryEncryption.vault(store);
    RepositoryKey winner = RepositoryKey.random();
    vault.keys().add("winner", winner, FIRST.recipients());
    repository(vault.opened(winner));

    assertThatThrownBy(() -> slow.settled(store, () -> repository(slower)))
        .hasMessageContaining("another host made it at the same time");

    assertThat(vault.keys().list()).extracting(entry -> entry.name()).containsExactly("winner");
    repository(with(FIRST).open(store, false));
  }

  @Test
  void killed_at_each_step_of_a_rotation_a_key_opens_all() throws StoreException {
    for (int step = 0; step < MOST_STEPS; step++) {
      MemoryStore killed = new MemoryStore(InstantSource.system());
      String id =
          repository(with(FIRST).openOrMake(killed, Creation.ENCRYPTED, true)).id().orElseThrow();
      boolean done = rotated(killed, step);
      killed.heal();

      Secret opening = done || hasNew(killed) ? SECOND : FIRST;
      assertThat(repository(with(opening).open(killed, false)).id()).contains(id);
      if (done) {
        assertThatThrownBy(() -> with(FIRST).open(killed, false)).hasMessageContaining("wrong");
        return;
      }
    }
    throw new AssertionError("it never ends");
  }

  private static boolean hasNew(MemoryStore store) throws StoreException {
    try {
      with(SECOND).open(store, false);
      return true;
    } catch (StoreException.Failed _) {
      return false;
    }
  }

  private static boolean rotated(MemoryStore store, int step) {
    int[] left = {step};
    store.failBefore(
        operation -> {
          if (left[0]-- == 0) {
            throw new StoreException.Failed("memory:", operation, "killed", null);
          }
        });
    try {
      RepositoryKeys.open(store, with(FIRST)).rotate(SECOND);
      return true;
    } catch (RepositoryFailed _) {
      return false;
    }
  }

  @Test
  void a_rotation_with_an_old_key_destroys_no_newer_secret() throws StoreException {
    repository(with(FIRST).openOrMake(store, Creation.ENCRYPTED, true));
    // A rotation that was killed before it removed the old key, and a backup with the new secret.
    Vault vault = RepositoryEncryption.vault(store);
    RepositoryKey newer = vault.unlock(() -> Optional.of(FIRST)).rotated();
    vault.keys().add("newer", newer, SECOND.recipients());
    put(vault.opened(newer), "backups/db/20261120T105801Z-3f9a1c2e.json");

    RepositoryKeys keys = RepositoryKeys.open(store, with(FIRST));
    assertThatThrownBy(() -> keys.rotate(THIRD))
        .hasMessageContaining("this key does not open every backup: backups/db/");
    assertThat(keys.list()).hasSize(2).extracting(Entry::name).contains("newer");
    RepositoryKeys.open(store, with(SECOND)).rotate(THIRD);
    assertThat(with(THIRD).open(store, false).read(new ObjectName("repository.json"), 0, buffer()))
        .isPositive();
  }

  @Test
  void a_newer_secret_that_is_used_while_old_keys_are_removed_stays() throws StoreException {
    repository(with(FIRST).openOrMake(store, Creation.ENCRYPTED, true));
    Vault vault = RepositoryEncryption.vault(store);
    RepositoryKey newer = vault.unlock(() -> Optional.of(FIRST)).rotated();
    vault.keys().add("newer", newer, SECOND.recipients());
    store.failBefore(
        operation -> {
          if (operation.startsWith("delete keys/")) {
            store.heal();
            put(vault.opened(newer), "backups/db/20261120T105801Z-3f9a1c2e.json");
          }
        });

    RepositoryKeys keys = RepositoryKeys.open(store, with(FIRST));
    assertThatThrownBy(() -> keys.rotate(THIRD))
        .hasMessageContaining("this key does not open every backup: backups/db/");

    assertThat(keys.list()).hasSize(3);
    ObjectName backup = new ObjectName("backups/db/20261120T105801Z-3f9a1c2e.json");
    assertThat(with(SECOND).open(store, false).read(backup, 0, buffer())).isPositive();
  }

  @Test
  void keys_that_changed_while_a_person_typed_are_not_removed() throws StoreException {
    repository(with(FIRST).openOrMake(store, Creation.ENCRYPTED, true));
    RepositoryKeys slow = RepositoryKeys.open(store, with(FIRST));
    RepositoryKeys slower = RepositoryKeys.open(store, with(FIRST));
    slow.unlock();
    slower.unlock();

    RepositoryKeys.open(store, with(FIRST)).rotate(SECOND);

    assertThatThrownBy(() -> slow.rotate(THIRD)).hasMessageContaining("its keys changed meanwhile");
    assertThatThrownBy(() -> slower.add(Optional.of("third"), THIRD))
        .hasMessageContaining("its keys changed meanwhile");
    assertThat(slow.list()).hasSize(1);
    repository(with(SECOND).open(store, false));
  }

  private static void put(ObjectStore into, String name) throws StoreException {
    try (PendingObject object = into.create(new ObjectName(name), Size.ZERO)) {
      object.write(new byte[] {'{'}, 0, 1);
      object.publish();
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(1);
  }

  @Test
  void of_two_that_remove_the_last_keys_at_once_neither_leaves_none() throws StoreException {
    repository(with(FIRST).openOrMake(store, Creation.ENCRYPTED, true));
    RepositoryKeys keys = RepositoryKeys.open(store, with(FIRST));
    String first = keys.list().getFirst().name();
    keys.add(Optional.of("second"), SECOND);
    // The other process removes its key after this one has looked for another key.
    store.failBefore(
        operation -> {
          if (operation.equals("delete keys/" + first + ".age")) {
            store.failBefore(_ -> {});
            store.delete(new ObjectName("keys/second.age"));
          }
        });

    assertThatThrownBy(() -> keys.remove(first)).hasMessageContaining("is the only key");
    repository(with(FIRST).open(store, false));
  }

  @Test
  void a_key_that_is_cut_off_is_not_another_key() throws StoreException {
    repository(with(FIRST).openOrMake(store, Creation.ENCRYPTED, true));
    RepositoryKeys keys = RepositoryKeys.open(store, with(FIRST));
    String first = keys.list().getFirst().name();
    ObjectName second = new ObjectName("keys/second.age");
    keys.add(Optional.of("second"), SECOND);
    ByteBuffer whole = ByteBuffer.allocate(1 << 16);
    store.damage(second, Arrays.copyOf(whole.array(), store.read(second, 0, whole) - 40));

    assertThatThrownBy(() -> keys.remove(first)).hasMessageContaining("is the only key");
  }

  @Test
  void the_last_key_stays() throws StoreException {
    repository(with(FIRST).openOrMake(store, Creation.ENCRYPTED, true));
    RepositoryKeys keys = RepositoryKeys.open(store, with(FIRST));
    String name = keys.list().getFirst().name();

    assertThatThrownBy(() -> keys.remove(name)).hasMessageContaining("is the only key");
    assertThatThrownBy(() -> keys.remove("other")).hasMessageContaining("has no key 'other'");
    assertThatThrownBy(() -> keys.add(Optional.of("../x"), SECOND))
        .hasMessageContaining("invalid name of a key");
    assertThat(keys.add(Optional.of("second"), SECOND)).isEqualTo("second");
    keys.remove(name);
    assertThat(store.list("keys/"))
        .extracting(object -> object.name())
        .isEqualTo(List.of(new ObjectName("keys/second.age")));
  }

  @Test
  void a_verification_that_a_server_made_up_counts_for_nothing() throws IOException {
    BackedHost host = new BackedHost();
    Repository encrypted = repository(new EncryptedStore(store, RepositoryKey.random()));
    host.save(host.create("db"), encrypted);
    Backup backup = encrypted.list().backups().getFirst();
    ObjectName real = new ObjectName("backups/db/" + backup.id() + ".json");
    ObjectName forged =
        new ObjectName("checks/db/" + backup.id() + "/20400103T000000Z-full-good.json");
    byte[] bytes = new byte[1 << 16];
    int length = store.read(real, 0, ByteBuffer.wrap(bytes));
    try (PendingObject object = store.create(forged, Size.ZERO)) {
      object.write(bytes, 0, length);
      object.publish();
    }

    assertThat(encrypted.list().backups()).singleElement().matches(b -> !b.checks().verified());
    host.verify(encrypted, backup);
    assertThat(encrypted.list().backups()).singleElement().matches(b -> b.checks().verified());
  }

  @Test
  void verifications_cost_a_listing_no_request_each_and_cannot_be_moved() throws StoreException {
    BackedHost host = new BackedHost();
    RepositoryKey key = RepositoryKey.random();
    Repository encrypted = repository(new EncryptedStore(store, key));
    VolumeName db = host.create("db");
    for (int night = 0; night < 2; night++) {
      host.save(db, encrypted);
      host.advance(Duration.ofHours(24));
    }
    host.verify(encrypted, encrypted.list().backups().getFirst());
    store.clearLog();

    Repository rotated = repository(new EncryptedStore(store, key.rotated()));
    assertThat(rotated.list().backups())
        .extracting(backup -> backup.checks().verified())
        .containsExactly(true, false);

    assertThat(store.log()).noneMatch(step -> step.startsWith("read checks/"));
    ObjectName check = store.list("checks/").getFirst().name();
    String first = rotated.list().backups().getFirst().id().text();
    String second = rotated.list().backups().getLast().id().text();
    rename(check, new ObjectName(check.text().replace(first, second)));
    rename(check, new ObjectName(check.text().replace("-good-", "-bad-")));
    assertThat(rotated.list().backups())
        .extracting(backup -> backup.checks().verified())
        .containsExactly(true, false);
  }

  private void rename(ObjectName from, ObjectName to) throws StoreException {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    int length = store.read(from, 0, bytes);
    try (PendingObject object = store.create(to, Size.ZERO)) {
      object.write(bytes.array(), 0, length);
      object.publish();
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }
}
