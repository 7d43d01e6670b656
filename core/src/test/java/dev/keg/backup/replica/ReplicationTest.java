package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.Noise;
import dev.keg.backup.repack.RepackLimits;
import dev.keg.backup.repack.Repacking;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.encrypted.EncryptedStore;
import dev.keg.backup.store.encrypted.RepositoryKey;
import dev.keg.error.BackupException.BackupDamaged;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.tree.PortableFileTrees;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReplicationTest {
  private static final Size UNLIMITED = new Size(Long.MAX_VALUE);

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final Random random = new Random(5);
  private final Noise noise = new Noise(5);
  private final MemoryStore place = new MemoryStore(host.clock, "memory:replica");
  private final Repository replica = open(place);
  private final List<String> copied = new ArrayList<>();

  private Repository open(ObjectStore store) {
    return Repository.openOrCreate(store, host.clock, new SplittableRandom(4));
  }

  private void fill(String file) throws Exception {
    Files.write(host.write(db, file, ""), noise.bytes(1_200_000));
  }

  private void threeNights() throws Exception {
    for (int i = 0; i < 4; i++) {
      fill("large" + i);
      host.write(db, "small" + i, "content of " + i);
    }
    host.save(db, host.repository);
    for (int night = 0; night < 2; night++) {
      fill("large" + night);
      host.save(db, host.repository);
    }
  }

  private List<VolumeException> copy(Repository from, Repository to) {
    return copy(from, to, _ -> true);
  }

  private List<VolumeException> copy(Repository from, Repository to, Predicate<Backup> wanted) {
    return new Replication(
            from,
            to,
            new Replication.Listener() {
              @Override
              public void advanced(long bytes) {}

              @Override
              public void copied(BackupRecord backup, Size transferred) {
                copied.add(backup.id().text());
              }
            })
        .run(wanted);
  }

  private static List<String> ids(Repository repository) {
    return repository.list().backups().stream().map(backup -> backup.id().text()).toList();
  }

  private void assertAllGood(Repository repository) {
    for (Backup backup : repository.list().backups()) {
      assertThat(host.verify(repository, backup).findings()).isEmpty();
    }
  }

  private void assertRestores(Repository repository) {
    List<String> content = host.content(db);
    host.write(db, "small1", "to be overwritten");
    try (RestoreSource source = RestoreSource.of(repository, host.last(repository), true)) {
      new Restoring(host.context)
          .restore(source, host.restoreRequest(db, Mode.REPLACE), host.listener());
    }
    assertThat(host.content(db)).isEqualTo(content);
  }

  private static long dataObjects(MemoryStore store) {
    return store.log().stream().filter(step -> step.startsWith("publish data/")).count();
  }

  @Test
  void a_copy_is_complete_and_needs_nothing_of_the_other() throws Exception {
    threeNights();

    assertThat(copy(host.repository, replica)).isEmpty();

    assertThat(copied).isEqualTo(ids(host.repository)).isEqualTo(ids(replica));
    assertAllGood(replica);
    for (StoredObject object : host.store.list("")) {
      host.store.delete(object.name());
    }
    assertRestores(replica);
  }

  @Test
  void what_is_there_is_not_copied_again() throws Exception {
    threeNights();
    copy(host.repository, replica);
    place.clearLog();
    copied.clear();

    assertThat(copy(host.repository, replica)).isEmpty();
    assertThat(copied).isEmpty();
    assertThat(place.log()).noneMatch(step -> step.startsWith("publish "));

    fill("large3");
    host.save(db, host.repository);
    assertThat(copy(host.repository, replica)).isEmpty();
    assertThat(copied).hasSize(1);
    assertThat(dataObjects(place)).isEqualTo(1);
  }

  @Test
  void only_wanted_backups_are_copied_with_all_that_they_need() throws Exception {
    threeNights();
    BackupId last = host.last(host.repository).id();

    assertThat(copy(host.repository, replica, backup -> backup.id().equals(last))).isEmpty();

    assertThat(ids(replica)).containsExactly(last.text());
    assertAllGood(replica);
    assertRestores(replica);
  }

  @Tag("time")
  @Test
  void a_copy_that_is_killed_at_any_step_is_continued_by_the_next() throws Exception {
    threeNights();
    int steps = steps(open(new MemoryStore(host.clock, "memory:probe")));
    for (int end = 1; end <= steps; end += NeedsTime.STRIDE) {
      MemoryStore store = new MemoryStore(host.clock, "memory:" + end);
      Repository target = open(store);
      AtomicInteger left = new AtomicInteger(end);
      store.failBefore(_ -> failAt(left));
      try {
        copy(host.repository, target);
      } catch (VolumeException _) {
        // the first look failed
      }
      store.heal();
      for (Backup backup : target.list().backups()) {
        assertThat(host.verify(target, backup).findings()).isEmpty();
      }

      assertThat(copy(host.repository, target)).isEmpty();
      assertThat(ids(target)).isEqualTo(ids(host.repository));
    }
  }

  private int steps(Repository target) {
    AtomicInteger count = new AtomicInteger();
    ((MemoryStore) target.store()).failBefore(_ -> count.incrementAndGet());
    copy(host.repository, target);
    return count.get();
  }

  /** From that step on every request fails, as for a dead process. */
  private static void failAt(AtomicInteger left) throws StoreException {
    if (left.decrementAndGet() <= 0) {
      throw new StoreException.Failed("memory:", "anything", "gone", null);
    }
  }

  @Test
  void a_repository_that_was_gone_catches_up_and_later_backups_build_on_what_both_have()
      throws Exception {
    host.write(db, "a", "1");
    host.save(db, host.repository, replica);
    place.failBefore(
        _ -> {
          throw new StoreException.Failed("memory:replica", "anything", "gone", null);
        });
    host.write(db, "a", "2");
    Saved alone = host.save(db, host.repository, replica);
    place.heal();
    assertThat(alone.places()).containsExactly("memory:");
    assertThat(alone.problems()).hasSize(1);

    assertThat(copy(host.repository, replica)).isEmpty();
    host.write(db, "a", "3");
    Saved both = host.save(db, host.repository, replica);

    assertThat(both.problems()).isEmpty();
    assertThat(both.parent()).isEqualTo(alone.id());
    assertAllGood(replica);
  }

  @Test
  void what_is_left_of_repacked_objects_is_copied() throws Exception {
    threeNights();
    BackupId last = host.last(host.repository).id();
    host.repository.forget(
        host.repository.list().backups().stream()
            .map(Backup::id)
            .filter(id -> !id.equals(last))
            .toList());
    repack(host.repository);
    host.advance(Duration.ofHours(25));
    repack(host.repository);
    assertThat(host.store.list("rests/")).isNotEmpty();

    assertThat(copy(host.repository, replica)).isEmpty();

    assertAllGood(replica);
    assertRestores(replica);
  }

  @Test
  void what_is_left_in_the_target_is_not_taken_for_all() throws Exception {
    threeNights();
    copy(host.repository, replica);
    BackupId last = host.last(replica).id();
    replica.forget(
        replica.list().backups().stream().map(Backup::id).filter(id -> !id.equals(last)).toList());
    repack(replica);

    // The objects exist beside their rests, and may be deleted at any time.
    host.advance(Duration.ofHours(25));
    assertThat(copy(host.repository, replica)).isEmpty();
    repack(replica);
    assertAllGood(replica);

    assertThat(ids(replica)).isEqualTo(ids(host.repository));
  }

  @Test
  void an_object_is_copied_beside_what_is_left_of_it_once() throws Exception {
    threeNights();
    copy(host.repository, replica);
    BackupId last = host.last(replica).id();
    replica.forget(
        replica.list().backups().stream().map(Backup::id).filter(id -> !id.equals(last)).toList());
    repack(replica);
    copy(host.repository, replica);
    place.clearLog();

    fill("large3");
    host.save(db, host.repository);
    assertThat(copy(host.repository, replica)).isEmpty();

    assertThat(place.log()).noneMatch(step -> step.startsWith("publish rests/"));
    assertAllGood(replica);
  }

  @Test
  void an_object_beside_which_there_is_a_patch_is_not_copied_again() throws Exception {
    threeNights();
    copy(host.repository, replica);
    for (StoredObject object : replica.data()) {
      ObjectName patch = replica.rests().nextPatch(object.name());
      try (PendingObject parts = replica.rests().begin(patch, Size.ZERO)) {
        parts.publish();
      }
    }
    place.clearLog();

    fill("large3");
    host.save(db, host.repository);
    assertThat(copy(host.repository, replica)).isEmpty();

    assertThat(place.log()).noneMatch(step -> step.startsWith("publish rests/"));
    assertThat(dataObjects(place)).isEqualTo(1);
  }

  /**
   * A copy is complete at first, but until it is a backup only the parts that backups need are
   * kept.
   */
  @Test
  void what_others_take_out_of_a_copy_before_it_is_a_backup_is_copied_again() throws Exception {
    threeNights();
    copy(host.repository, replica);
    BackupId last = host.last(replica).id();
    replica.forget(
        replica.list().backups().stream().map(Backup::id).filter(id -> !id.equals(last)).toList());
    repack(replica);
    AtomicInteger records = new AtomicInteger();
    place.failBefore(
        step -> {
          if (step.startsWith("publish backups/") && records.incrementAndGet() == 1) {
            new Repacking(replica, new RepackLimits(0, UNLIMITED, Grace.NONE), _ -> {}).run();
          }
        });

    assertThat(copy(host.repository, replica))
        .isNotEmpty()
        .allMatch(BackupWithdrawn.class::isInstance);
    assertThat(records.get()).isPositive();
    place.heal();
    assertAllGood(replica);
    assertThat(copy(host.repository, replica)).isEmpty();
    assertAllGood(replica);
    assertThat(ids(replica)).isEqualTo(ids(host.repository));
  }

  private static void keepLast(Repository repository) {
    List<BackupId> ids = repository.list().backups().stream().map(Backup::id).toList();
    repository.forget(ids.subList(0, ids.size() - 1));
  }

  private static BackupRecord first(Repository repository) {
    return repository.list().backups().getFirst().record();
  }

  /** Leaves only a rest of the object, which is older than a day. */
  private void repackFully(Repository repository, ObjectName full) {
    repack(repository);
    host.advance(Duration.ofHours(25));
    repack(repository);
    assertThat(repository.data()).extracting(StoredObject::name).doesNotContain(full);
    assertThat(repository.rests().of(full)).hasSize(1);
  }

  /** Others do not know what a copy needs before its record exists. */
  private void beforeTheFirstRecord(Runnable work) {
    AtomicInteger records = new AtomicInteger();
    place.failBefore(
        step -> {
          if (step.startsWith("publish backups/") && records.incrementAndGet() == 1) {
            work.run();
          }
        });
  }

  private void assertCopied() {
    assertAllGood(replica);
    host.advance(Duration.ofHours(25));
    repack(replica);
    assertAllGood(replica);
    assertThat(ids(replica)).isEqualTo(ids(host.repository));
  }

  @Test
  void an_object_is_not_deleted_for_an_old_rest_before_its_copy_is_a_backup() throws Exception {
    threeNights();
    copy(host.repository, replica);
    keepLast(replica);
    repackFully(replica, first(host.repository).own().name());
    beforeTheFirstRecord(() -> repack(replica));

    assertThat(copy(host.repository, replica)).isEmpty();
    place.heal();
    assertCopied();
  }

  @Test
  void a_rest_is_not_deleted_for_a_newer_one_before_its_copy_is_a_backup() throws Exception {
    threeNights();
    BackupRecord full = first(host.repository);
    host.repository.forget(List.of(full.id()));
    repackFully(host.repository, full.own().name());
    copy(host.repository, replica);
    keepLast(replica);
    repack(replica);
    assertThat(replica.rests().of(full.own().name())).hasSize(2);
    host.advance(Duration.ofHours(25));
    beforeTheFirstRecord(() -> repack(replica));

    assertThat(copy(host.repository, replica)).isEmpty();
    place.heal();
    assertCopied();
  }

  @Test
  void a_copy_that_takes_long_is_withdrawn_if_a_rest_may_replace_what_was_copied()
      throws Exception {
    threeNights();
    copy(host.repository, replica);
    keepLast(replica);
    repack(replica);
    beforeTheFirstRecord(
        () -> {
          repack(replica);
          host.advance(Duration.ofHours(13));
        });

    assertThat(copy(host.repository, replica))
        .hasSize(2)
        .allMatch(BackupWithdrawn.class::isInstance);
    place.heal();
    assertThat(copy(host.repository, replica)).isEmpty();
    assertCopied();
  }

  @Test
  void a_rest_of_an_object_that_the_source_still_has_does_not_replace_the_copy() throws Exception {
    threeNights();
    host.repository.forget(List.of(first(host.repository).id()));
    repack(host.repository);

    assertThat(copy(host.repository, replica)).isEmpty();
    assertThat(place.list("rests/")).isNotEmpty().noneMatch(rest -> Rest.isSuccessor(rest.name()));

    place.clearLog();
    copyNight();
    assertThat(place.log()).noneMatch(step -> step.startsWith("publish rests/"));
    assertCopied();
  }

  @Test
  void what_could_not_be_copied_for_one_backup_is_not_there_for_the_next() throws Exception {
    threeNights();
    copy(host.repository, replica);
    keepLast(replica);
    repackFully(replica, first(host.repository).own().name());
    host.store.delete(first(host.repository).own().name());

    assertThat(copy(host.repository, replica))
        .hasSize(2)
        .allSatisfy(problem -> assertThat(problem).hasMessageContaining("it is missing"));
    assertAllGood(replica);
  }

  private static void repack(Repository repository) {
    new Repacking(repository, new RepackLimits(0, UNLIMITED), _ -> {}).run();
  }

  @Test
  void data_that_is_about_to_be_deleted_is_not_relied_on() throws Exception {
    threeNights();
    copy(host.repository, replica);
    replica.forget(replica.list().backups().stream().map(Backup::id).toList());
    host.advance(Duration.ofHours(13));

    assertThat(copy(host.repository, replica))
        .isNotEmpty()
        .allMatch(BackupWithdrawn.class::isInstance);
    assertThat(replica.list().backups()).isEmpty();

    host.advance(Duration.ofHours(13));
    replica.forget(List.of());
    assertThat(copy(host.repository, replica)).isEmpty();
    assertAllGood(replica);
  }

  @Test
  void each_repository_has_its_own_keys() throws Exception {
    RepositoryKey one = RepositoryKey.random();
    RepositoryKey other = RepositoryKey.random();
    MemoryStore source = new MemoryStore(host.clock, "memory:source");
    Repository from = open(new EncryptedStore(source, one));
    Repository to = open(new EncryptedStore(place("memory:other"), other));
    fill("large");
    host.save(db, from);

    assertThat(copy(from, to)).isEmpty();

    assertAllGood(to);
    assertRestores(to);
    ObjectName data = host.last(to).own().name();
    Repository wrong = Repository.open(new EncryptedStore(theirs, other), host.clock, random);
    assertThat(wrong.store().read(data, 0, ByteBuffer.allocate(64))).isEqualTo(64);
    assertThatThrownBy(() -> new EncryptedStore(theirs, one).read(data, 0, ByteBuffer.allocate(64)))
        .isInstanceOf(StoreException.Forged.class);
  }

  private MemoryStore theirs = place;

  private MemoryStore place(String address) {
    theirs = new MemoryStore(host.clock, address);
    return theirs;
  }

  @Test
  void damage_is_not_spread() throws Exception {
    threeNights();
    Backup first = host.repository.list().backups().getFirst();
    VolumeName web = host.create("web");
    host.write(web, "index", "hello");
    host.save(web, host.repository);
    host.store.damage(first.record().own().name(), new byte[100]);
    host.verify(host.repository, first);

    assertThat(copy(host.repository, replica)).hasSize(3).allMatch(BackupDamaged.class::isInstance);

    assertThat(replica.list().backups()).singleElement().matches(b -> isOf(b, web));
    assertAllGood(replica);
  }

  private static boolean isOf(Backup backup, VolumeName volume) {
    return backup.record().volume().name().equals(volume);
  }

  @Test
  void what_is_damaged_in_the_target_is_copied_beside_it() throws Exception {
    threeNights();
    copy(host.repository, replica);
    Backup first = replica.list().backups().getFirst();
    ObjectName own = first.record().own().name();
    flip(own, 700_000);
    assertThat(host.verify(replica, first).good()).isFalse();
    host.advance(Duration.ofMinutes(5));

    copyNight();
    assertAllGood(replica);

    place.clearLog();
    copyNight();
    assertThat(place.log()).noneMatch(step -> step.startsWith("publish rests/"));

    flip(replica.rests().of(replica.data().getFirst().name()).getFirst().object().name(), 700_000);
    assertThat(host.verify(replica, first).good()).isFalse();
    host.advance(Duration.ofMinutes(5));
    copyNight();
    assertAllGood(replica);
  }

  private void copyNight() {
    host.write(db, "small1", "content " + random.nextInt());
    host.save(db, host.repository);
    assertThat(copy(host.repository, replica)).isEmpty();
  }

  private void flip(ObjectName name, int offset) throws StoreException {
    flip(place, name, offset);
  }

  private static void flip(MemoryStore store, ObjectName name, int offset) throws StoreException {
    ByteBuffer bytes = ByteBuffer.allocate(16 << 20);
    byte[] all = new byte[store.read(name, 0, bytes)];
    bytes.flip().get(all);
    all[offset] ^= 4;
    store.damage(name, all);
  }

  @Test
  void the_parts_that_mend_an_object_are_copied_with_it_and_with_a_rest_of_it() throws Exception {
    threeNights();
    copy(host.repository, replica);
    ObjectName full = first(host.repository).own().name();
    flip(host.store, full, 700_000);
    assertThat(
            new Verifying(
                    Level.FULL,
                    host.files.getPath("/scratch"),
                    new PortableFileTrees(),
                    1,
                    host.clock)
                .mend(
                    host.repository, replica, host.repository.list().backups().getFirst(), _ -> {})
                .check()
                .findings())
        .isEmpty();
    Repository other = open(new MemoryStore(host.clock, "memory:other"));

    assertThat(copy(host.repository, other)).isEmpty();
    assertAllGood(other);
    keepLast(other);
    repackFully(other, full);
    assertThat(copy(host.repository, other)).isEmpty();
    assertAllGood(other);
  }

  @Test
  void another_archive_in_the_place_of_one_is_not_taken_for_it() throws Exception {
    threeNights();
    copy(host.repository, replica, backup -> backup.record().parent() == null);
    ObjectName own = host.last(replica).own().name();
    flip(own, (int) host.last(replica).own().size().bytes() - 20);

    assertThat(copy(host.repository, replica)).isEmpty();

    assertAllGood(replica);
  }

  @Test
  void what_cannot_be_read_stops_no_other_backup() throws Exception {
    host.write(db, "a", "1");
    host.save(db, host.repository);
    VolumeName web = host.create("web");
    host.save(web, host.repository);
    host.store.delete(host.repository.list(db).backups().getFirst().record().own().name());

    assertThat(copy(host.repository, replica))
        .singleElement()
        .asString()
        .contains("data/db/", "it is missing");

    assertThat(replica.list().backups()).singleElement().matches(b -> isOf(b, web));
  }

  @Test
  void a_repository_of_the_first_format_does_not_take_what_it_cannot_hold() throws Exception {
    host.save(db, replica);
    Repository old = host.asInFirstRelease();

    assertThatThrownBy(() -> copy(replica, old))
        .isInstanceOf(InvalidRepository.class)
        .hasMessageContaining("format 1");
    host.save(db, old);
    assertThat(copy(old, replica)).isEmpty();
    assertAllGood(replica);
  }

  @Test
  void a_repository_is_not_copied_to_itself() {
    assertThatThrownBy(() -> copy(replica, replica)).isInstanceOf(InvalidRepository.class);
  }
}
