package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.age.SecretKey;
import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.Replication;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.replica.Repositories.Creation;
import dev.keg.backup.replica.RepositoryKeys;
import dev.keg.backup.replica.RepositoryMemory;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.backup.repository.ObjectLock;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.encrypted.KeyRing.Entry;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.backup.store.s3.XmlParser.Element;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectLockTest {
  private static final int MOST_STEPS = 200;
  private static final Secret OWNER = Secret.parse(SecretKey.random().text());

  private static final Replication.Listener NOBODY =
      new Replication.Listener() {
        @Override
        public void advanced(long bytes) {}

        @Override
        public void copied(BackupRecord backup, Size transferred) {}
      };

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private Duration passed = Duration.ZERO;
  private final InstantSource clock = () -> Instant.now().plus(passed);
  private FakeS3 server = new FakeS3(true);

  ObjectLockTest() throws IOException {}

  @AfterEach
  void stopServer() {
    server.close();
  }

  private void pass(Duration time) {
    passed = passed.plus(time);
    server.advance(time);
  }

  private String address(String lock) {
    return "s3://%s/keg?endpoint=%s%s".formatted(FakeS3.BUCKET, server.endpoint(), lock);
  }

  private String address() {
    return address("&lock=30d");
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
            clock,
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            _ -> {});
    return new Repositories(
        new Repositories.Environment(
            host.files,
            DirectorySync.NONE,
            clock,
            new SplittableRandom(passed.toHours()),
            () -> s3,
            () -> {
              throw new AssertionError("no ssh");
            },
            keys,
            new RepositoryMemory(host.registry, _ -> {})));
  }

  private Repository plain(String address) {
    return repositories(KeySource.NONE).creating(Creation.PLAIN).openOrCreate(address);
  }

  /** An attacker with the account of the store, who uses the S3 API directly. */
  private S3Client thief() {
    S3Connection connection =
        new S3Connection(
            HttpClient.newHttpClient(),
            () -> FakeS3.CREDENTIALS,
            clock,
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            1,
            Duration.ofMinutes(1),
            StoreLimits.NONE,
            _ -> {});
    return new S3Client(
        new S3Location(FakeS3.BUCKET, "", server.endpoint(), "us-east-1", false), connection);
  }

  private static List<Element> versions(S3Client thief) throws StoreException {
    S3Request request = S3Request.of("GET", "").query("versions", "");
    Stream<Element> found = Stream.empty();
    boolean more = true;
    while (more) {
      Element page = S3Document.fetch(thief, "list", request);
      found = Stream.concat(found, page.all("Version"));
      more = page.textOf("IsTruncated").equals("true");
      request =
          request
              .query("key-marker", page.textOf("NextKeyMarker"))
              .query("version-id-marker", page.textOf("NextVersionIdMarker"));
    }
    return found.toList();
  }

  private static void overwriteAndHide(S3Client thief, String key) throws StoreException {
    RequestBody garbage = RequestBody.text("garbage", false);
    assertThat(thief.send("put", S3Request.of("PUT", key).body(garbage)).status()).isEqualTo(200);
    assertThat(thief.send("hide", S3Request.of("DELETE", key)).status()).isEqualTo(204);
  }

  @Test
  void a_stolen_write_only_host_reads_no_byte_and_removes_no_backup() throws IOException {
    host.write(db, "rows", "secret");
    Path file = host.files.getPath("/db1.key");
    Repositories owner = repositories(KeySource.of(OWNER)).creating(Creation.ENCRYPTED);
    try (Repository opened = owner.openOrCreate(address());
        var keys = owner.keys(address())) {
      host.save(db, opened);
      keys.addWriter(Optional.of("db1"), file);
    }
    Repositories stolen = repositories(KeySource.of(Secret.parse(Files.readString(file))));
    try (Repository opened = stolen.openOrCreateToWrite(address())) {
      host.save(db, opened);
    }

    try (Repository opened = stolen.openOrCreateToWrite(address())) {
      for (StoredObject object : opened.store().list("data/")) {
        assertThatThrownBy(() -> opened.store().read(object.name(), 0, ByteBuffer.allocate(1)))
            .isInstanceOf(StoreException.Forged.class);
      }
    }
    S3Client thief = thief();
    for (Element version : versions(thief)) {
      String key = version.textOf("Key");
      if (key.endsWith(".writer")) {
        continue; // no backup needs it
      }
      S3Request whole = S3Request.of("DELETE", key).query("versionId", version.textOf("VersionId"));
      assertThat(thief.send("delete", whole).status()).as(key).isEqualTo(403);
      overwriteAndHide(thief, key);
    }

    Repositories elsewhere = repositories(KeySource.of(OWNER));
    assertThatThrownBy(() -> elsewhere.open(address("")))
        .as("the newest versions, as everybody else sees them")
        .isInstanceOf(VolumeException.class);
    try (Repository opened = elsewhere.open(address())) {
      assertThat(opened.list().damages()).isEmpty();
      assertThat(opened.list().backups())
          .hasSize(2)
          .allSatisfy(backup -> assertThat(host.verify(opened, backup).good()).isTrue());
    }
  }

  @Test
  void forget_says_what_is_kept_until_when_and_forgets_it_then() throws IOException {
    host.write(db, "rows", "a");
    try (Repository opened = plain(address())) {
      host.save(db, opened);
      host.write(db, "rows", "ab");
      host.save(db, opened);
      Backup first = opened.list().backups().getFirst();

      ForgetReport refused = opened.forget(Set.of(first.id()));
      assertThat(refused.forgotten()).isEmpty();
      assertThat(refused.keptBackups()).isEqualTo(1);
      assertThat(Duration.between(clock.instant(), refused.keptUntil().orElseThrow()))
          .isBetween(Duration.ofDays(29), Duration.ofDays(30));
      assertThat(opened.list().backups()).hasSize(2);
      assertThat(opened.store().list("forgotten/")).isEmpty();

      pass(Duration.ofDays(31));
      assertThat(opened.forget(Set.of(first.id())).forgotten()).containsExactly(first.id());
      assertThat(opened.list().backups()).hasSize(1);
      assertThat(versions(thief()))
          .noneMatch(v -> v.textOf("Key").contains("backups/db/" + first.id()));
      assertThat(host.verify(opened, opened.list().backups().getFirst()).good()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 400})
  void what_the_server_alone_knows_to_be_locked_is_reported_as_well(int refusal)
      throws IOException {
    server.refuseWith(refusal);
    host.write(db, "rows", "a");
    try (Repository opened = plain(address())) {
      host.save(db, opened);
      host.save(db, opened);
      for (StoredObject index : opened.store().list(Repository.HEADS)) {
        opened.store().keep(index.name(), clock.instant().plus(Duration.ofDays(90)));
      }
      pass(Duration.ofDays(40));
      BackupId first = first(opened);
      ForgetReport refused = opened.forget(Set.of(first));

      assertThat(refused.forgotten()).isEmpty();
      assertThat(refused.keptBackups()).isEqualTo(1);
      assertThat(opened.list().backups()).hasSize(2);
    }
  }

  @Test
  void what_a_later_backup_needs_is_kept_as_long_as_that_one() throws IOException {
    host.write(db, "rows", "a");
    try (Repository opened = plain(address())) {
      host.save(db, opened);
      pass(Duration.ofDays(20));
      host.write(db, "more", "b");
      host.save(db, opened);
      assertThat(host.last(opened).objects()).hasSize(2);
    }
    pass(Duration.ofDays(20));

    assertThat(deletedByThief("data/")).isEmpty();
    pass(Duration.ofDays(11));
    assertThat(deletedByThief("data/")).hasSize(2);
  }

  @Test
  void what_was_uploaded_days_before_its_record_is_kept_as_long_as_the_record() throws IOException {
    host.write(db, "rows", "a");
    try (Repository opened = plain(address())) {
      AtomicInteger records = new AtomicInteger();
      server.plan(
          request -> {
            if (request.startsWith("PUT ")
                && request.contains("/backups/")
                && records.incrementAndGet() == 1) {
              pass(Duration.ofDays(3));
            }
            return Behaviour.SERVE;
          });
      host.save(db, opened);
      assertThat(records.get()).isPositive();
    }
    pass(Duration.ofDays(28));

    assertThat(deletedByThief("data/")).isEmpty();
    pass(Duration.ofDays(3));
    assertThat(deletedByThief("data/")).hasSize(1);
  }

  @Test
  void what_was_written_without_a_lock_is_locked_from_another_machine() throws IOException {
    host.write(db, "rows", "a");
    try (Repository opened = plain(address(""))) {
      host.save(db, opened);
    }
    try (Repository opened = repositories(KeySource.NONE).open(address())) {
      ObjectLock.Report report = new ObjectLock(opened).all(clock.instant());
      assertThat(report.objects()).as("a record, its data, repository.json").isEqualTo(3);
      assertThat(new ObjectLock(opened).all(clock.instant()).objects()).isEqualTo(3);
    }

    assertThat(deletedByThief("")).isEmpty();
    try (Repository opened = repositories(KeySource.NONE).open(address(""))) {
      assertThatThrownBy(() -> new ObjectLock(opened).all(clock.instant()))
          .isInstanceOf(RepositoryFailed.class)
          .hasMessageContaining("has no lock=");
    }
  }

  private List<String> deletedByThief(String folder) throws StoreException {
    S3Client thief = thief();
    return versions(thief).stream()
        .filter(version -> version.textOf("Key").startsWith("keg/" + folder))
        .filter(version -> isDeleted(thief, version))
        .map(version -> version.textOf("Key"))
        .toList();
  }

  private static boolean isDeleted(S3Client thief, Element version) {
    try {
      S3Request request =
          S3Request.of("DELETE", version.textOf("Key"))
              .query("versionId", version.textOf("VersionId"));
      return thief.send("delete", request).succeeded();
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_server_that_takes_a_lock_and_does_nothing_is_named() throws IOException {
    host.write(db, "rows", "a");
    try (Repository opened = plain(address(""))) {
      host.save(db, opened);
    }
    server.ignoreLocks();
    host.write(db, "rows", "ab");

    try (Repository opened = plain(address())) {
      assertThatThrownBy(() -> host.save(db, opened)).hasMessageContaining("reports no lock");
      assertThatThrownBy(() -> new ObjectLock(opened).all(clock.instant()))
          .hasMessageContaining("reports no lock");
      assertThat(opened.list().backups()).hasSize(1);
    }
  }

  /** A backup whose data does not match its record. */
  private void publishIncomplete(Repository opened) {
    BackupRecord like = host.last(opened);
    List<DataObject> objects =
        like.objects().stream()
            .map(o -> new DataObject(o.name(), new Size(o.size().bytes() + 1), o.digest()))
            .toList();
    BackupRecord incomplete =
        new BackupRecord(
            opened.nextId(),
            like.volume(),
            like.origin(),
            like.finished(),
            Set.of(),
            like.counts(),
            like.id(),
            objects);
    assertThatThrownBy(() -> opened.publish(incomplete, List.of()))
        .isInstanceOf(BackupWithdrawn.class);
  }

  @Test
  void a_backup_that_is_withdrawn_is_gone_at_once() throws IOException {
    host.write(db, "rows", "a");
    try (Repository opened = plain(address())) {
      host.save(db, opened);
      publishIncomplete(opened);

      assertThat(opened.list().backups()).hasSize(1);
      assertThat(deletedByThief("backups/")).isEmpty();
    }
  }

  @Test
  void where_the_bucket_keeps_it_nobody_takes_it_for_a_backup() throws IOException {
    server.lockByDefault(Duration.ofDays(30));
    host.write(db, "rows", "a");
    try (Repository opened = plain(address())) {
      host.save(db, opened);
      publishIncomplete(opened);

      List<Backup> backups = opened.list().backups();
      assertThat(backups).hasSize(2);
      assertThat(backups.getLast().checks().damaged()).isTrue();
      host.write(db, "rows", "ab");
      host.save(db, opened);
      Backup next = opened.list().backups().getLast();
      assertThat(next.record().parent()).isNotEqualTo(backups.getLast().id());
      assertThat(host.verify(opened, next).good()).isTrue();
    }
  }

  @Test
  void a_bucket_that_locks_by_itself_is_named_when_the_address_names_no_lock() throws IOException {
    server.lockByDefault(Duration.ofDays(30));
    host.write(db, "rows", "a");
    try (Repository opened = plain(address(""))) {
      host.save(db, opened);
      host.save(db, opened);
      BackupId first = first(opened);

      assertThatThrownBy(() -> opened.forget(Set.of(first)))
          .isInstanceOfSatisfying(
              RepositoryFailed.class,
              e -> {
                assertThat(e).hasMessageContaining("only hidden");
                assertThat(e.hint().orElseThrow()).contains("?lock=30d");
              });
    }
    try (Repository opened = plain(address())) {
      assertThat(opened.list().backups()).hasSize(2);
    }
  }

  @Test
  void a_repository_of_the_first_release_is_upgraded_beside_what_the_lock_keeps()
      throws IOException {
    ObjectName description = new ObjectName(Repository.DESCRIPTION);
    ObjectName upgrade = new ObjectName(Repository.UPGRADE);
    try (Repository opened = plain(address())) {
      assertThat(opened.isSharing()).isTrue();
      pass(Duration.ofDays(31));
      opened.store().delete(description);
      byte[] old =
          "{\"schema\":1,\"created\":\"2026-11-20T10:58:01Z\",\"id\":\"8a5c3f0e\"}\n"
              .getBytes(StandardCharsets.UTF_8);
      try (PendingObject object = opened.store().create(description, new Size(old.length))) {
        object.write(old);
        object.publish();
      }
    }
    try (Repository first = plain(address())) {
      assertThat(first.isSharing()).isFalse();
      first.upgrade();
      first.upgrade();
    }
    String key;
    try (Repository upgraded = plain(address())) {
      assertThat(upgraded.isSharing()).isTrue();
      assertThat(upgraded.id()).contains("8a5c3f0e");
      key = upgraded.key().orElseThrow();
      assertThat(deletedByThief(upgrade.text())).isEmpty();
      pass(Duration.ofDays(31));
      upgraded.upgrade();
      assertThat(upgraded.store().list("")).extracting(StoredObject::name).contains(description);
    }
    try (Repository upgraded = plain(address())) {
      assertThat(upgraded.key()).contains(key);
      assertThat(upgraded.store().list("")).extracting(StoredObject::name).doesNotContain(upgrade);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void garbage_that_is_locked_for_years_keeps_no_data_once_it_is_forgotten(boolean encrypted)
      throws IOException {
    KeySource keys = encrypted ? KeySource.of(OWNER) : KeySource.NONE;
    Creation creation = encrypted ? Creation.ENCRYPTED : Creation.PLAIN;
    BackupId garbage = new BackupId("20300101T000000Z-00000001");
    host.write(db, "rows", "a");
    try (Repository opened = repositories(keys).creating(creation).openOrCreate(address())) {
      host.save(db, opened);
      host.write(db, "rows", "ab");
      host.save(db, opened);
      assertThat(host.last(opened).objects()).hasSize(1);
      ObjectName index = new ObjectName("backups/db/" + garbage + ".json");
      RequestBody nonsense = RequestBody.text("garbage", false);
      assertThat(thief().send("put", S3Request.of("PUT", "keg/" + index).body(nonsense)).status())
          .isEqualTo(200);
      opened.store().keep(index, clock.instant().plus(Duration.ofDays(900)));
      pass(Duration.ofDays(40));
      opened.forget(Set.of(first(opened)));
      pass(Duration.ofDays(2));
      assertThat(opened.forget(Set.of()).deleted()).as("nobody knows what it needs").isEmpty();

      ForgetReport report = opened.forget(Set.of(garbage));
      assertThat(report.keptBackups()).isEqualTo(1);
      assertThat(report.deleted()).isNotEmpty();
      assertThat(opened.list().damages()).isEmpty();
      assertThat(opened.forget(Set.of()).damages()).isEmpty();
      assertThat(opened.list().backups()).hasSize(1);
      assertThat(host.verify(opened, opened.list().backups().getFirst()).good()).isTrue();

      pass(Duration.ofDays(900));
      opened.forget(Set.of());
      assertThat(opened.store().list(Repository.HEADS)).hasSize(1);
      assertThat(opened.store().list("checks/"))
          .noneMatch(check -> check.name().text().contains("forgotten"));
    }
  }

  @Test
  void of_the_keys_a_write_key_alone_is_removed_before_its_time() throws IOException {
    Repositories owner = repositories(KeySource.of(OWNER)).creating(Creation.ENCRYPTED);
    try (Repository opened = owner.openOrCreate(address());
        RepositoryKeys keys = owner.keys(address())) {
      keys.addWriter(Optional.of("db1"), host.files.getPath("/db1.key"));
      assertThat(new ObjectLock(opened).all(clock.instant()).objects()).isEqualTo(2);
      List<Entry> before = keys.list();
      keys.remove("db1");
      assertThat(keys.list()).hasSize(before.size() - 1);

      assertThatThrownBy(() -> keys.rotate(Secret.parse(SecretKey.random().text())))
          .hasMessageContaining("the store's lock keeps it until");
      assertThat(keys.list()).as("no new key either").hasSize(before.size() - 1);
    }
  }

  @Test
  void what_a_copy_finds_is_kept_as_long_as_the_copy() throws IOException {
    host.write(db, "rows", "a");
    Repository source = host.repository;
    host.save(db, source);
    try (Repository opened = plain(address())) {
      assertThat(new Replication(source, opened, NOBODY).run(_ -> true)).isEmpty();
      pass(Duration.ofDays(20));
      host.write(db, "more", "b");
      host.save(db, source);
      assertThat(new Replication(source, opened, NOBODY).run(_ -> true)).isEmpty();
      assertThat(host.last(opened).objects()).hasSize(2);
    }
    pass(Duration.ofDays(20));

    assertThat(deletedByThief("data/")).isEmpty();
  }

  @Test
  void an_expired_lock_is_not_reported_to_an_account_that_may_not_delete() throws IOException {
    host.write(db, "rows", "a");
    try (Repository opened = plain(address())) {
      host.save(db, opened);
      host.save(db, opened);
      // The server's clock has not advanced: it refuses.
      passed = Duration.ofDays(100);
      BackupId first = first(opened);
      assertThatThrownBy(() -> opened.forget(Set.of(first))).hasMessageContaining("AccessDenied");
    }
  }

  @Test
  void a_bucket_without_lock_is_named() throws IOException {
    server.close();
    server = new FakeS3(false);

    assertThatThrownBy(() -> plain(address()))
        .isInstanceOfSatisfying(
            RepositoryFailed.class,
            e -> assertThat(e.hint().orElseThrow()).contains("create a bucket with object lock"));
  }

  @Test
  void killed_at_each_request_a_forget_loses_nothing_that_is_kept() throws IOException {
    host.write(db, "rows", "a");
    try (Repository opened = plain(address())) {
      host.save(db, opened);
      host.write(db, "rows", "ab");
      host.save(db, opened);
      overwriteAndHide(thief(), "keg/backups/db/" + first(opened) + ".json");
    }
    pass(Duration.ofDays(40));
    FakeS3 before = server;
    for (int step = 0; step < MOST_STEPS; step++) {
      server = before.copy();
      try (Repository opened = plain(address())) {
        BackupId first = first(opened);
        boolean done = isDone(step, () -> opened.forget(Set.of(first)));
        assertThat(opened.list().damages()).as("killed at request " + step).isEmpty();
        Backup last = opened.list().backups().getLast();
        assertThat(host.verify(opened, last).good()).as("killed at request " + step).isTrue();
        if (done) {
          assertThat(opened.list().backups()).hasSize(1);
          before.close();
          return;
        }
      }
      server.close();
    }
    throw new AssertionError("it never ends");
  }

  private static BackupId first(Repository repository) {
    return repository.list().backups().getFirst().id();
  }

  /** Whether the work was completed. */
  private boolean isDone(int step, Runnable work) {
    AtomicInteger left = new AtomicInteger(step);
    server.plan(_ -> left.getAndDecrement() > 0 ? Behaviour.SERVE : Behaviour.SERVER_ERROR);
    try {
      work.run();
      return true;
    } catch (RepositoryFailed _) {
      return false;
    } finally {
      server.plan(_ -> Behaviour.SERVE);
    }
  }
}
