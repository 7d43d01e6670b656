package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.age.SecretKey;
import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.replica.Repositories.Creation;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.RepositoryKey;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.backup.store.encrypted.Vault;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.file.DirectorySync;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A server that answers with an older state, or with another repository. */
class RepositoryMemoryTest {
  private static final String ROLLED_BACK = "rolled back: this host has seen it, and it is gone";

  private final BackedHost host = new BackedHost();
  private final MemoryStore server = new MemoryStore(host.clock);
  private final RepositoryMemory memory = new RepositoryMemory(host.registry, _ -> {});
  private final Secret secret = Secret.parse(SecretKey.random().text());
  private final VolumeName db = host.create("db");

  private RepositoryEncryption encryption() {
    return new RepositoryEncryption(() -> Optional.of(secret), new Random(), memory);
  }

  /** As a later process of this root does. */
  private Repository open() {
    RepositoryEncryption encryption = encryption();
    ObjectStore opened =
        StoreFailures.translate(() -> encryption.openOrMake(server, Creation.ENCRYPTED, true));
    return encryption
        .settled(server, () -> Repository.openOrCreate(opened, host.clock, new Random(3)))
        .watchedBy(memory.witness(server.address()));
  }

  private BackupId backup() {
    host.write(db, "file", "content of " + host.now());
    return Objects.requireNonNull(host.save(db, open()).id());
  }

  private void hide(BackupId id) throws StoreException {
    server.delete(new ObjectName("backups/db/" + id + ".json"));
  }

  private List<String> problems() {
    return open().list().problems(server.address()).stream().map(String::valueOf).toList();
  }

  private void restore(BackupChoice choice) {
    choice.from(open(), db, new Whose(host.hostName, false), _ -> {});
  }

  @Test
  void the_newest_backup_that_is_gone_is_missed() throws StoreException {
    BackupId older = backup();
    hide(backup());

    assertThat(problems()).singleElement().asString().contains(ROLLED_BACK);
    assertThat(problems()).as("a second time").hasSize(1);
    assertThatThrownBy(() -> restore(new BackupChoice.Latest()))
        .isInstanceOf(RestoreFailed.class)
        .hasMessageContaining(ROLLED_BACK);
    restore(new BackupChoice.Named(older));
  }

  @Test
  void the_next_backup_warns_and_is_made() throws StoreException {
    hide(backup());
    host.notes.clear();

    backup();

    assertThat(host.notes).anyMatch(note -> note.contains(ROLLED_BACK));
    assertThat(problems()).as("there is a newer one").isEmpty();
  }

  /** As a host does whose clock was ahead for a while. */
  private BackupId backupFromTheFuture() {
    host.advance(Duration.ofDays(1000));
    BackupId ahead = backup();
    host.advance(Duration.ofDays(-1000));
    return ahead;
  }

  @Test
  void a_backup_from_the_future_hides_no_later_one() throws StoreException {
    backup();
    backupFromTheFuture();
    BackupId newest = backup();
    assertThat(problems()).isEmpty();

    hide(newest);

    assertThat(problems()).singleElement().asString().contains(newest.text(), ROLLED_BACK);
    assertThat(problems()).as("a second time").hasSize(1);
    backup();
    assertThat(problems()).as("there is a newer one").isEmpty();
  }

  @Test
  void a_backup_from_the_future_is_missed_while_it_is_the_newest() throws StoreException {
    backup();
    BackupId ahead = backupFromTheFuture();
    assertThat(problems()).isEmpty();

    hide(ahead);

    assertThat(problems()).singleElement().asString().contains(ahead.text(), ROLLED_BACK);
    assertThat(problems()).as("a second time").hasSize(1);
    backup();
    assertThat(problems()).as("there is a newer one").isEmpty();
  }

  @Test
  void what_this_root_forgets_is_not_missed() {
    backup();
    BackupId newest = backup();

    open().forget(List.of(newest));

    assertThat(problems()).isEmpty();
    restore(new BackupChoice.Latest());
  }

  @Test
  void an_older_one_may_go() throws StoreException {
    BackupId older = backup();
    backup();
    hide(older);

    assertThat(problems()).isEmpty();
  }

  /** Their data would count as unused. */
  @Test
  void while_backups_of_a_volume_are_hidden_those_of_others_are_not_forgotten() throws IOException {
    Repositories repositories =
        new Repositories(
                new Repositories.Environment(
                    host.files,
                    DirectorySync.NONE,
                    host.clock,
                    new SplittableRandom(1),
                    () -> {
                      throw new AssertionError("no S3");
                    },
                    () -> {
                      throw new AssertionError("no ssh");
                    },
                    KeySource.of(secret),
                    memory))
            .creating(Creation.ENCRYPTED);
    Files.createDirectory(host.files.getPath("/repo"));
    VolumeName web = host.create("web");
    assertThat(keepLast(repositories, db, web).problems()).isEmpty();
    try (Stream<Path> records = Files.list(host.files.getPath("/repo/backups/db"))) {
      Files.delete(records.findFirst().orElseThrow());
    }
    host.advance(Duration.ofDays(1));

    assertThat(keepLast(repositories, web).problems())
        .singleElement()
        .asString()
        .contains(ROLLED_BACK);
    try (Repository opened = repositories.open("/repo")) {
      assertThat(opened.list(web).backups()).hasSize(2);
    }
  }

  private BackupRun keepLast(Repositories repositories, VolumeName... volumes) {
    BackupRun run =
        new BackupRun(
            new Saving(host.context, SaveRequest.plain(1), host.saveListener()),
            repositories,
            new KnownRepositories(host.registry),
            new BackupRun.Settings(
                new Origin(host.hostName, "1"),
                RetentionPolicy.parse("last=1"),
                host.clock,
                _ -> {}),
            new BackupRun.Listener() {
              @Override
              public void saved(Saved saved) {}

              @Override
              public void forgot(String repository, ForgetReport report) {}
            });
    run.toRepositories(List.of("/repo"), List.of(volumes));
    return run;
  }

  @Test
  void a_damaged_record_is_damaged_and_not_missed() {
    server.damage(new ObjectName("backups/db/" + backup() + ".json"), new byte[] {1});

    assertThat(problems()).singleElement().asString().doesNotContain("rolled back");
  }

  @Test
  void the_newest_that_cannot_be_read_is_not_passed_over() {
    BackupId older = backup();
    BackupId newest = backup();
    server.damage(new ObjectName("backups/db/" + newest + ".json"), new byte[] {1});

    assertThatThrownBy(() -> restore(new BackupChoice.Latest()))
        .isInstanceOf(RestoreFailed.class)
        .hasMessageContaining(newest.text());
    assertThatThrownBy(() -> restore(new BackupChoice.At(newest.time(), "noon")))
        .isInstanceOf(RestoreFailed.class);
    restore(new BackupChoice.At(newest.time().minusSeconds(1), "before"));
    restore(new BackupChoice.Named(older));
  }

  @Test
  void a_damaged_record_stays_the_newest() throws StoreException {
    backup();
    BackupId newest = backup();
    server.damage(new ObjectName("backups/db/" + newest + ".json"), new byte[] {1});
    problems();

    hide(newest);

    assertThat(problems()).singleElement().asString().contains(ROLLED_BACK);
  }

  @Test
  void the_next_backup_does_not_miss_a_damaged_record() {
    server.damage(new ObjectName("backups/db/" + backup() + ".json"), new byte[] {1});
    host.notes.clear();

    backup();

    assertThat(host.notes).noneMatch(note -> note.contains(ROLLED_BACK));
  }

  @Test
  void what_another_process_publishes_while_a_backup_begins_is_not_missed() {
    backup();
    Repository reader = open();
    Repository other = open();
    BackupRecord last = host.last(other);
    AtomicReference<BackupId> published = new AtomicReference<>();
    server.failBefore(
        operation -> {
          if (operation.startsWith("read backups/db/")) {
            server.heal();
            published.set(publishSame(other, last));
          }
        });
    host.notes.clear();

    host.save(db, reader);

    assertThat(host.notes).noneMatch(note -> note.contains(ROLLED_BACK));
    assertThat(reader.list().find(Objects.requireNonNull(published.get()))).isPresent();
  }

  /** A backup in which nothing has changed. */
  private static BackupId publishSame(Repository repository, BackupRecord last) {
    BackupRecord same =
        new BackupRecord(
            repository.nextId(),
            last.volume(),
            last.origin(),
            repository.now(),
            last.tags(),
            last.counts(),
            last.id(),
            last.objects());
    repository.publish(same, List.of(last));
    return same.id();
  }

  @Test
  void what_another_process_does_while_the_list_is_read_is_not_a_rollback() throws StoreException {
    BackupId older = backup();
    Repository reader = open();
    Repository other = open();
    server.failBefore(
        operation -> {
          if (operation.startsWith("read backups/db/")) {
            server.heal();
            publishAndForget(other, older);
          }
        });

    assertThat(reader.list().problems(server.address())).isEmpty();
    assertThat(problems()).isEmpty();
  }

  private void publishAndForget(Repository other, BackupId older) {
    host.write(db, "file", "content of another process");
    host.save(db, other);
    other.forget(List.of(older));
  }

  @Test
  void the_loser_of_the_race_to_create_it_opens_it_afterwards() throws StoreException {
    RepositoryEncryption loser = encryption();
    ObjectStore slower = loser.openOrMake(server, Creation.ENCRYPTED, true);
    makeAnother();

    assertThatThrownBy(
            () ->
                loser.settled(
                    server, () -> Repository.openOrCreate(slower, host.clock, new Random(3))))
        .hasMessageContaining("another host made it at the same time");
    backup();
    assertThat(problems()).isEmpty();
  }

  @Test
  void what_is_accepted_is_right() throws StoreException {
    backup();
    hide(backup());

    accept();

    assertThat(problems()).isEmpty();
  }

  @Test
  void another_secret_in_its_place_is_found() throws StoreException {
    backup();
    clear();
    makeAnother();

    assertThatThrownBy(this::open).hasMessageContaining("it has another secret than before");
    accept();
    open();
  }

  private void accept() throws StoreException {
    RepositoryEncryption encryption = encryption();
    encryption.openAnyway(server);
    encryption.accept(server);
  }

  @Test
  void what_was_accepted_is_remembered() throws StoreException {
    backup();
    accept();
    clear();
    makeAnother();

    assertThatThrownBy(this::open).hasMessageContaining("it has another secret than before");
  }

  /** Another repository for the same key, created by somebody else. */
  private void makeAnother() throws StoreException {
    Vault vault = RepositoryEncryption.vault(server);
    RepositoryKey key = RepositoryKey.random();
    vault.keys().add("other", key, secret.recipients());
    Repository.openOrCreate(vault.opened(key), host.clock, new Random(4));
  }

  private void clear() throws StoreException {
    for (StoredObject object : server.list("")) {
      server.delete(object.name());
    }
  }

  @Test
  void a_plain_repository_in_its_place_gets_no_backup_and_is_not_read() throws StoreException {
    backup();
    clear();
    Repository.openOrCreate(server, host.clock, new Random(4));

    assertThatThrownBy(() -> encryption().open(server, false))
        .hasMessageContaining("it was encrypted, but no longer is");
    assertThatThrownBy(() -> encryption().openOrMake(server, Creation.PLAIN, true))
        .isInstanceOf(StoreException.Failed.class);
  }

  @Test
  void an_empty_place_where_backups_were_is_not_taken_for_a_new_one() throws StoreException {
    backup();
    clear();

    assertThatThrownBy(this::open).hasMessageContaining("it was encrypted, but no longer is");
  }

  @Test
  void the_memory_in_the_root_of_somebody_else_is_not_read() {
    DirectorySync guard =
        new DirectorySync() {
          @Override
          public void sync(Path directory) {}

          @Override
          public void requireOwn(Path root) throws IOException {
            throw new FileSystemException(root.toString(), null, "it belongs to anna");
          }
        };
    VolumeRegistry theirs =
        new VolumeRegistry(host.registry.layout(), guard, new SplittableRandom(1), _ -> {});

    assertThatThrownBy(() -> new RepositoryMemory(theirs, _ -> {}).key(server.address()))
        .hasMessageContaining("it belongs to anna");
  }

  @Test
  void the_memory_holds_no_secret() throws IOException {
    BackupId id = backup();

    assertThat(Files.readString(host.registry.layout().seen()))
        .contains(id.text(), "memory:")
        .doesNotContain("AGE-SECRET-KEY", "age1");
  }
}
