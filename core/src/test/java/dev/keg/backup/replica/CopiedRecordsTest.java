package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.age.SecretKey;
import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.replica.Repositories.Creation;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupFile;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.backup.store.s3.FakeS3;
import dev.keg.backup.store.s3.S3Environment;
import dev.keg.file.DirectorySync;
import dev.keg.file.TreeDeletion;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The number of requests for records, and what a server can do with copies of them. */
class CopiedRecordsTest {
  private static final int MANY = 100;
  private static final Secret OWNER = Secret.parse(SecretKey.random().text());

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final RepositoryMemory memory = new RepositoryMemory(host.registry, host.notes::add);
  private final Path copies = host.registry.layout().records();
  private final FakeS3 server = new FakeS3();
  private final Repositories repositories = repositories(KeySource.NONE).creating(Creation.PLAIN);

  CopiedRecordsTest() throws IOException {}

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Repositories repositories(KeySource keys) {
    S3Environment s3 =
        new S3Environment(
            Map.of(
                "AWS_ACCESS_KEY_ID", FakeS3.CREDENTIALS.accessKey(),
                "AWS_SECRET_ACCESS_KEY", FakeS3.CREDENTIALS.secretKey(),
                "AWS_MAX_ATTEMPTS", "1"),
            host.files.getPath("/home"),
            new FakePrograms(_ -> new FakePrograms.Result(1, "", "")),
            InstantSource.system(),
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            _ -> {});
    return new Repositories(
        new Repositories.Environment(
            host.files,
            DirectorySync.NONE,
            InstantSource.system(),
            new SplittableRandom(1),
            () -> s3,
            () -> {
              throw new AssertionError("no ssh");
            },
            keys,
            memory));
  }

  private String address() {
    return "s3://%s/keg?endpoint=%s".formatted(FakeS3.BUCKET, server.endpoint());
  }

  /** Does the work as a command of its own; returns how many records it read. */
  private long records(Repositories access, Consumer<Repository> work) {
    server.clearLog();
    try (Repository opened = access.openOrCreate(address())) {
      work.accept(opened);
    }
    return server.log().stream()
        .filter(line -> line.startsWith("GET /%s/keg/backups/".formatted(FakeS3.BUCKET)))
        .count();
  }

  private long records(Consumer<Repository> work) {
    return records(repositories, work);
  }

  /** Makes that many backups, of which this host has no copies. */
  private BackupId fill(Repositories access) throws IOException {
    try (Repository opened = access.openOrCreate(address())) {
      host.write(db, "rows", "a");
      host.save(db, opened);
      BackupRecord first = host.last(opened);
      for (int i = 1; i < MANY; i++) {
        BackupRecord like =
            new BackupRecord(
                new BackupId("20250101T000000Z-%08x".formatted(i)),
                first.volume(),
                first.origin(),
                first.finished(),
                Set.of(),
                first.counts(),
                first.id(),
                first.objects());
        ObjectName name = new ObjectName("backups/db/" + like.id() + ".json");
        try (PendingObject object = opened.store().create(name, Size.ZERO)) {
          object.write(BackupFile.write(like));
          object.publish();
        }
      }
    }
    deleteCopies();
    return new BackupId("20250101T000000Z-00000001");
  }

  private void deleteCopies() throws IOException {
    if (Files.exists(copies)) {
      TreeDeletion.delete(copies);
    }
  }

  private static BackupId first(Repository opened) {
    return opened.list().backups().getFirst().id();
  }

  @Test
  void a_backup_reads_only_records_that_are_new() throws IOException {
    fill(repositories);
    host.write(db, "rows", "ab");
    assertThat(records(opened -> host.save(db, opened))).isEqualTo(MANY);

    host.write(db, "rows", "abc");
    assertThat(records(opened -> host.save(db, opened))).as("that of the last one").isEqualTo(1);

    String list = "GET /%s/?".formatted(FakeS3.BUCKET);
    assertThat(server.log()).filteredOn(line -> !line.startsWith(list)).hasSizeLessThan(20);
    deleteCopies();
    assertThat(records(Repository::list)).isEqualTo(MANY + 2);
  }

  /** As {@code keg forget} does: it also lists the backups before and afterwards. */
  private static void forget(Repository opened) {
    opened.forget(Set.of(first(opened)));
    opened.list();
  }

  @Test
  void forget_reads_each_record_once_and_later_none() throws IOException {
    fill(repositories);

    assertThat(records(CopiedRecordsTest::forget)).isEqualTo(MANY);
    assertThat(records(CopiedRecordsTest::forget)).isZero();
    assertThat(records(opened -> assertThat(opened.list().backups()).hasSize(MANY - 2))).isZero();
  }

  @Test
  void where_copies_cannot_be_written_forget_reads_each_record_once() throws IOException {
    fill(repositories);
    Files.createFile(copies);

    assertThat(records(CopiedRecordsTest::forget)).isEqualTo(MANY);
    assertThat(records(CopiedRecordsTest::forget)).isEqualTo(MANY - 1);
  }

  @Test
  void of_a_whole_id_only_the_record_is_read() throws IOException {
    BackupId id = fill(repositories);
    Whose own = new Whose(host.hostName, false);

    assertThat(
            records(
                opened -> {
                  Backup found = new BackupChoice.Named(id).from(opened, db, own, _ -> {});
                  assertThat(found.id()).isEqualTo(id);
                  assertThat(host.verify(opened, found).good()).isTrue();
                }))
        .isEqualTo(1);
    assertThat(records(opened -> new BackupChoice.Latest().from(opened, db, own, _ -> {})))
        .isEqualTo(MANY - 1);
  }

  @Test
  void a_command_that_says_whether_all_is_well_reads_every_record() throws IOException {
    fill(repositories);
    assertThat(records(Repository::list)).isEqualTo(MANY);

    assertThat(records(repositories.direct(), Repository::list)).isEqualTo(MANY);
    assertThat(records(repositories.direct().creating(Creation.PLAIN), Repository::list))
        .isEqualTo(MANY);
    assertThat(records(Repository::list)).isZero();
  }

  @Test
  void copies_of_an_encrypted_repository_are_encrypted() throws IOException {
    Repositories owner = repositories(KeySource.of(OWNER)).creating(Creation.ENCRYPTED);
    fill(owner);
    assertThat(records(owner, Repository::list)).isEqualTo(MANY);

    assertThat(records(owner, opened -> assertThat(opened.list().backups()).hasSize(MANY)))
        .isZero();
    try (Stream<Path> files = Files.list(copies)) {
      byte[] copied = Files.readAllBytes(files.findFirst().orElseThrow());
      String all = new String(copied, StandardCharsets.ISO_8859_1);
      assertThat(all)
          .contains("backups/db/20250101T000000Z-00000001.json", "age-encryption.org/v1")
          .doesNotContain("schema", "sha256");
    }
  }

  /** An encrypted repository, as a later command of this host opens it. */
  private Repository open(ObjectStore seen) {
    RepositoryEncryption encryption =
        new RepositoryEncryption(() -> Optional.of(OWNER), new Random(2), memory);
    ObjectStore opened =
        StoreFailures.translate(() -> encryption.openOrMake(seen, Creation.ENCRYPTED, true));
    return encryption.settled(
        seen, () -> Repository.openOrCreate(opened, host.clock, new Random(3)));
  }

  private BackupCatalog list(ObjectStore seen) {
    try (Repository opened = open(seen)) {
      return opened.list();
    }
  }

  /** The only backup in a repository of which this host has no copies, and its record. */
  private final class OneBackup {
    final MemoryStore store = new MemoryStore(host.clock);
    final List<BackupRecord> sound;
    final ObjectName index;
    final byte[] stored;
    final byte[] forged;

    OneBackup() throws IOException {
      try (Repository opened = open(store)) {
        host.save(db, opened);
      }
      sound = records(list(store));
      StoredObject object = store.list("backups/").getFirst();
      index = object.name();
      ByteBuffer content = ByteBuffer.allocate((int) object.size().bytes());
      store.read(index, 0, content);
      stored = content.array();
      forged = stored.clone();
      Arrays.fill(forged, forged.length / 2, forged.length, (byte) 7);
    }

    /** What a command lists that uses copies. */
    BackupCatalog copied() {
      return list(memory.copied(store));
    }
  }

  private static List<BackupRecord> records(BackupCatalog catalog) {
    return catalog.backups().stream().map(Backup::record).toList();
  }

  @Test
  void what_a_server_forged_once_is_no_copy_and_a_copy_hides_nothing() throws IOException {
    OneBackup one = new OneBackup();
    one.store.damage(one.index, one.forged);
    assertThat(one.copied().damages()).hasSize(1);
    assertThat(one.copied().damages()).as("a second time").hasSize(1);
    one.store.damage(one.index, one.stored);
    assertThat(records(one.copied())).isEqualTo(one.sound);

    one.store.damage(one.index, one.forged);
    assertThat(records(one.copied())).as("the copy is authentic").isEqualTo(one.sound);
    assertThat(list(one.store).damages()).as("the server's record is not").hasSize(1);
  }

  @Test
  void a_forged_copy_is_read_again() throws IOException {
    OneBackup one = new OneBackup();
    one.store.damage(one.index, one.forged);
    // A command that was stopped may leave this: it read the record, but did not examine it.
    try (ObjectStore copied = memory.copied(one.store)) {
      copied.list("backups/");
      copied.read(one.index, 0, ByteBuffer.allocate(one.forged.length));
    }
    one.store.damage(one.index, one.stored);

    assertThat(records(one.copied())).isEqualTo(one.sound);
    assertThat(one.copied().damages()).isEmpty();
  }

  @Test
  void a_record_that_others_have_renounced_is_asked_for_again() throws IOException {
    OneBackup one = new OneBackup();
    assertThat(records(one.copied())).isEqualTo(one.sound);
    one.store.damage(one.index, one.forged);
    assertThat(records(one.copied())).isEqualTo(one.sound);
    ObjectName note =
        new ObjectName("checks/db/" + one.sound.getFirst().id() + "/forgotten-x.json");
    try (Repository opened = open(one.store);
        PendingObject object = opened.store().create(note, Size.ZERO)) {
      object.write("{\"schema\":1}".getBytes(StandardCharsets.UTF_8));
      object.publish();
    }

    BackupCatalog renounced = one.copied();
    assertThat(renounced.backups()).isEmpty();
    assertThat(renounced.damages()).isEmpty();
  }
}
