package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.age.SecretKey;
import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.Repositories.Creation;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DamagedObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.encrypted.KeyRing.Entry;
import dev.keg.backup.store.encrypted.KeyRing.Kind;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WriteOnlyHostTest {
  private static final int MOST_STEPS = 200;
  private static final Random NAMES = new Random(1);
  private static final Secret OWNER = Secret.parse(SecretKey.random().text());
  private static final Secret LATER = Secret.parse(SecretKey.random().text());

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final MemoryStore store = new MemoryStore(host.clock);
  private final Path file = host.files.getPath("/db1.key");

  private RepositoryEncryption with(Secret secret) {
    RegistryLayout nowhere =
        new RegistryLayout(Jimfs.newFileSystem(Configuration.unix()).getPath("/nowhere"));
    VolumeRegistry registry = new VolumeRegistry(nowhere, DirectorySync.NONE, NAMES, _ -> {});
    return new RepositoryEncryption(
        () -> Optional.of(secret), NAMES, new RepositoryMemory(registry, _ -> {}));
  }

  /** The repository as its owner opens it; created if it does not exist. */
  private Repository owned(Secret secret) throws StoreException {
    ObjectStore opened = with(secret).openOrMake(store, Creation.ENCRYPTED, true);
    return Repository.openOrCreate(opened, host.clock, new SplittableRandom(2));
  }

  private Secret writeKey() throws IOException {
    RepositoryKeys.open(store, with(OWNER)).addWriter(Optional.of("db1"), file);
    return Secret.parse(Files.readString(file));
  }

  private Repository writable(Secret key) {
    return StoreFailures.translate(
        () -> {
          RepositoryEncryption encryption = with(key);
          ObjectStore opened = encryption.openOrMake(store, Creation.UNSAID, true, true);
          byte[] description = encryption.description(store).orElseThrow();
          return Repository.described(opened, host.clock, new SplittableRandom(3), description);
        });
  }

  @Test
  void it_backs_up_and_whoever_has_the_key_restores() throws IOException {
    String id = owned(OWNER).id().orElseThrow();
    Secret key = writeKey();
    host.write(db, "rows", "a");
    host.save(db, owned(OWNER));
    host.write(db, "rows", "ab");

    Repository written = writable(key);
    host.save(db, written);
    host.write(db, "rows", "abc");
    host.save(db, written);

    assertThat(written.id()).contains(id);
    Repository opened = owned(OWNER);
    assertThat(opened.list().damages()).isEmpty();
    assertThat(opened.list().backups())
        .hasSize(3)
        .allSatisfy(backup -> assertThat(host.verify(opened, backup).good()).isTrue());
    assertThat(opened.list().backups().getLast().record().parent())
        .isEqualTo(opened.list().backups().get(1).id());
    // The owner's next backup builds on that of the host.
    host.save(db, opened);
    assertThat(host.last(opened).parent()).isNotNull();
  }

  /** Some incompressible data, and the small file {@code rows}. */
  private Secret backedUp() throws IOException {
    for (int i = 1; i <= 2; i++) {
      byte[] content = new byte[1_200_000];
      new Random(i).nextBytes(content);
      Files.write(host.write(db, "large" + i, ""), content);
    }
    host.write(db, "rows", "a");
    owned(OWNER);
    Secret key = writeKey();
    host.save(db, writable(key));
    return key;
  }

  private BackupRecord saved(Secret key) throws IOException {
    host.save(db, writable(key));
    Repository opened = owned(OWNER);
    assertThat(opened.list().damages()).isEmpty();
    Backup newest = opened.list().backups().getLast();
    assertThat(host.verify(opened, newest).findings()).isEmpty();
    return newest.record();
  }

  private void assertAllGood() throws IOException {
    Repository opened = owned(OWNER);
    assertThat(opened.list().backups())
        .allSatisfy(backup -> assertThat(host.verify(opened, backup).findings()).isEmpty());
  }

  @Test
  void it_stores_only_what_has_changed() throws IOException {
    Secret key = backedUp();
    for (int night = 0; night < 5; night++) {
      host.write(db, "rows", "night " + night);
      BackupRecord record = saved(key);
      assertThat(record.parent()).isNotNull();
      assertThat(record.counts().stored().bytes()).isLessThan(10_000);
    }
    assertThat(saved(key).counts().stored().bytes()).as("nothing changed").isZero();
    host.write(db, "rows", "and on");
    assertThat(saved(key).counts().stored().bytes()).isBetween(1L, 10_000L);
    Files.move(host.data(db).resolve("large1"), host.data(db).resolve("moved"));
    assertThat(saved(key).counts().stored().bytes()).isLessThan(10_000);
    assertAllGood();
  }

  @Test
  void what_changed_inside_a_large_file_it_stores_as_a_whole_part() throws IOException {
    Secret key = backedUp();
    Path large = host.data(db).resolve("large2");
    byte[] content = Files.readAllBytes(large);
    content[700_000] ^= 1;
    Files.write(large, content);

    assertThat(saved(key).counts().stored().bytes()).isBetween(1_000_000L, 1_300_000L);
  }

  @Test
  void it_builds_on_nothing_that_was_forgotten_is_damaged_or_is_not_known_any_more()
      throws IOException {
    Secret key = backedUp();
    owned(OWNER).forget(Set.of(host.last(owned(OWNER)).id()));
    assertThat(saved(key).parent()).as("forgotten").isNull();

    BackupRecord whole = host.last(owned(OWNER));
    owned(OWNER)
        .recordDamage(List.of(new DamagedObject(whole.own().name(), new TreeSet<>(Set.of(0L)))));
    BackupRecord next = saved(key);
    assertThat(next.parent()).as("damaged").isNull();
    assertThat(next.objects()).hasSize(1);

    assertThat(saved(key).parent()).isEqualTo(next.id());
    try (Stream<Path> files =
        Files.list(host.registry.layout().written(host.registry.layout().home(db)))) {
      Path file = files.filter(path -> !path.endsWith("last.json")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      for (int length : new int[] {0, 3, 7, 100, bytes.length / 2, bytes.length - 1}) {
        Files.write(file, Arrays.copyOf(bytes, length));
        host.write(db, "rows", "cut to " + length);
        assertThat(saved(key).counts().files()).isEqualTo(3);
      }
      Files.delete(file);
    }
    assertThat(saved(key).parent()).as("deleted").isNull();
    assertAllGood();
  }

  @Test
  void what_is_forgotten_while_it_reads_it_does_not_build_on() throws IOException {
    Secret key = backedUp();
    BackupId base = host.last(owned(OWNER)).id();
    boolean[] forgotten = new boolean[1];
    store.failBefore(
        operation -> {
          if (operation.startsWith("publish data/") && !forgotten[0]) {
            forgotten[0] = true;
            owned(OWNER).forget(Set.of(base));
          }
        });
    host.write(db, "rows", "ab");
    assertThatThrownBy(() -> host.save(db, writable(key))).isInstanceOf(BackupWithdrawn.class);
    assertThat(owned(OWNER).list().backups()).isEmpty();

    store.heal();
    assertThat(saved(key).parent()).isNull();
  }

  @Test
  void what_it_may_not_take_back_is_marked_as_damaged() throws IOException {
    Secret key = backedUp();
    BackupId base = host.last(owned(OWNER)).id();
    boolean[] forgotten = new boolean[2];
    store.failBefore(
        operation -> {
          if (operation.startsWith("publish backups/") && !forgotten[0]) {
            forgotten[0] = true;
            owned(OWNER).forget(Set.of(base));
            forgotten[1] = true;
          } else if (forgotten[1] && operation.startsWith("delete backups/")) {
            throw new StoreException.Failed("memory:", operation, "denied", null);
          }
        });
    host.write(db, "rows", "ab");
    assertThatThrownBy(() -> host.save(db, writable(key))).isInstanceOf(BackupWithdrawn.class);

    store.heal();
    assertThat(owned(OWNER).list().backups())
        .singleElement()
        .satisfies(backup -> assertThat(backup.checks().damaged()).isTrue());
    assertThat(saved(key).parent()).isNull();
  }

  @Test
  void it_does_not_build_on_what_a_note_says_is_forgotten() throws IOException {
    Secret key = backedUp();
    BackupId base = host.last(owned(OWNER)).id();
    ObjectName note = new ObjectName("checks/db/" + base + "/forgotten-x.json");
    try (PendingObject object = owned(OWNER).store().create(note, Size.ZERO)) {
      object.write("{\"schema\":1}".getBytes(StandardCharsets.UTF_8));
      object.publish();
    }
    assertThat(saved(key).parent()).isNull();
  }

  @Test
  void with_a_repository_that_can_be_read_beside_it_it_builds_on_what_both_have()
      throws IOException {
    Secret key = backedUp();
    assertThat(host.save(db, writable(key), host.repository).problems()).isEmpty();
    host.write(db, "rows", "ab");
    assertThat(host.save(db, writable(key), host.repository).problems()).isEmpty();
    BackupRecord last = host.last(host.repository);

    assertThat(last.counts().stored().bytes()).isLessThan(10_000);
    assertThat(host.last(owned(OWNER)).objects()).isEqualTo(last.objects());
    assertThat(host.verify(host.repository, host.repository.list().backups().getLast()).good())
        .isTrue();
  }

  @Test
  void stolen_it_reads_no_byte_of_any_object() throws IOException {
    host.write(db, "rows", "secret");
    host.save(db, owned(OWNER));
    Secret key = writeKey();
    host.save(db, writable(key));

    ObjectStore stolen = writable(key).store();
    for (StoredObject object : stolen.list("")) {
      if (object.name().text().startsWith("keys/")) {
        continue; // encrypted separately
      }
      assertThatThrownBy(() -> stolen.read(object.name(), 0, ByteBuffer.allocate(1)))
          .as(object.name().text())
          .isInstanceOf(StoreException.Forged.class);
    }
    assertThat(key.identities()).isEmpty();
    assertThatThrownBy(() -> with(key).open(store, true))
        .hasMessageContaining("a write key only backs up");
    assertThatThrownBy(() -> with(key).openOrMake(store, Creation.UNSAID, true))
        .hasMessageContaining("a write key only backs up");
    assertThatThrownBy(() -> RepositoryKeys.open(store, with(key)).rotate(LATER))
        .hasMessageContaining("a write key only backs up");
  }

  @Test
  void the_key_is_in_a_new_file_for_its_owner_alone() throws IOException {
    owned(OWNER);
    Secret _ = writeKey();

    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(RepositoryKeys.open(store, with(OWNER)).list())
        .filteredOn(entry -> entry.kind() == Kind.WRITE_ONLY)
        .extracting(Entry::name)
        .containsExactly("db1");
    RepositoryKeys again = RepositoryKeys.open(store, with(OWNER));
    assertThatThrownBy(() -> again.addWriter(Optional.of("db2"), file))
        .isInstanceOf(VolumeException.class)
        .hasRootCauseInstanceOf(FileAlreadyExistsException.class);
    Path other = host.files.getPath("/db2.key");
    assertThatThrownBy(() -> again.addWriter(Optional.of("db1"), other))
        .hasMessageContaining("key 'db1' already exists");
    assertThat(other).doesNotExist();
  }

  @Test
  void a_key_that_was_removed_or_is_of_another_repository_writes_nothing() throws IOException {
    owned(OWNER);
    Secret key = writeKey();
    RepositoryKeys.open(store, with(OWNER)).remove("db1");

    assertThatThrownBy(() -> writable(key))
        .hasMessageContaining("this write key belongs to another repository, or was removed");

    MemoryStore empty = new MemoryStore(host.clock);
    assertThatThrownBy(() -> with(key).openOrMake(empty, Creation.ENCRYPTED, true, true))
        .hasMessageContaining("a write key cannot create one");
    assertThat(empty.list("")).isEmpty();
  }

  @Test
  void a_rotation_takes_it_away_for_it_would_encrypt_for_the_old_secret() throws IOException {
    host.write(db, "rows", "a");
    owned(OWNER);
    Secret key = writeKey();
    host.save(db, writable(key));

    RepositoryKeys.open(store, with(OWNER)).rotate(LATER);

    assertThatThrownBy(() -> writable(key)).hasMessageContaining("was removed");
    Repository opened = owned(LATER);
    Backup backup = opened.list().backups().getFirst();
    assertThat(host.verify(opened, backup).good()).isTrue();
  }

  @Test
  void the_last_key_that_opens_stays_where_only_write_keys_are_left() throws IOException {
    owned(OWNER);
    writeKey();
    RepositoryKeys keys = RepositoryKeys.open(store, with(OWNER));
    String only =
        keys.list().stream()
            .filter(entry -> entry.kind() == Kind.KEY)
            .map(Entry::name)
            .findFirst()
            .orElseThrow();

    assertThatThrownBy(() -> keys.remove(only)).hasMessageContaining("is the only key");
    assertThat(owned(OWNER).id()).isPresent();
  }

  @Test
  void what_was_forgotten_before_does_not_take_its_backup_back() throws IOException {
    host.write(db, "rows", "a");
    host.save(db, owned(OWNER));
    host.save(db, owned(OWNER));
    Secret key = writeKey();
    BackupId first = owned(OWNER).list().backups().getFirst().id();
    owned(OWNER).forget(Set.of(first));
    host.advance(Duration.ofHours(20));

    host.save(db, host.request(BackedHost.programs(_ -> true), false), writable(key));

    assertThat(owned(OWNER).list().backups()).hasSize(2);
  }

  /** AWS dates an object by the beginning of its upload. */
  @Test
  void what_is_forgotten_during_a_long_upload_does_not_take_its_backup_back() throws IOException {
    host.write(db, "rows", "a");
    host.save(db, owned(OWNER));
    host.write(db, "rows", "ab");
    host.save(db, owned(OWNER));
    Secret key = writeKey();
    BackupId first = owned(OWNER).list().backups().getFirst().id();
    boolean[] forgotten = new boolean[1];
    store.failBefore(
        operation -> {
          if (operation.startsWith("publish backups/") && !forgotten[0]) {
            forgotten[0] = true;
            owned(OWNER).forget(Set.of(first));
            host.advance(Duration.ofHours(13));
          }
        });
    host.save(db, writable(key));

    assertThat(forgotten[0]).isTrue();
    assertThat(owned(OWNER).list().backups()).hasSize(2);
  }

  @Test
  void killed_at_each_step_its_backup_is_whole_or_not_there() throws IOException {
    host.write(db, "rows", "a");
    owned(OWNER);
    Secret key = writeKey();
    for (int step = 0; step < MOST_STEPS; step++) {
      int before = owned(OWNER).list().backups().size();
      boolean done = !isKilled(step, () -> host.save(db, writable(key)));
      store.heal();
      Repository opened = owned(OWNER);
      List<Backup> backups = opened.list().backups();
      assertThat(opened.list().damages()).isEmpty();
      assertThat(backups.size()).isBetween(before, before + 1);
      if (done) {
        assertThat(backups)
            .allSatisfy(backup -> assertThat(host.verify(opened, backup).good()).isTrue());
        return;
      }
    }
    throw new AssertionError("it never ends");
  }

  @Test
  void killed_at_each_step_the_making_of_its_key_can_be_done_again() throws IOException {
    owned(OWNER);
    for (int step = 0; step < MOST_STEPS; step++) {
      Files.deleteIfExists(file);
      String name = "db" + step;
      boolean done =
          !isKilled(
              step,
              () -> RepositoryKeys.open(store, with(OWNER)).addWriter(Optional.of(name), file));
      store.heal();
      if (done) {
        assertThat(writable(Secret.parse(Files.readString(file))).store().isWriteOnly()).isTrue();
        return;
      }
      assertThat(file).as("what failed in step " + step).doesNotExist();
      assertThat(owned(OWNER).id()).isPresent();
    }
    throw new AssertionError("it never ends");
  }

  private boolean isKilled(int step, Runnable work) {
    int[] left = {step};
    store.failBefore(
        operation -> {
          if (left[0]-- == 0) {
            throw new StoreException.Failed("memory:", operation, "killed", null);
          }
        });
    try {
      work.run();
      return false;
    } catch (RepositoryFailed _) {
      return true;
    }
  }
}
