package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.repack.RepackLimits;
import dev.keg.backup.repack.Repacking;
import dev.keg.backup.replica.StoredArchives;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.Verifying.Mended;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.encrypted.EncryptedStore;
import dev.keg.backup.store.encrypted.RepositoryKey;
import dev.keg.error.VolumeException;
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
import org.junit.jupiter.api.Test;

/** Two repositories with the same backups, one of them damaged. */
class MendingTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final Random random = new Random(5);
  private final Repository repository = host.repository;
  private final Repository replica = host.other;

  private void fill(String file) throws Exception {
    byte[] content = new byte[1_200_000];
    random.nextBytes(content);
    Files.write(host.write(db, file, ""), content);
  }

  private void twoNights() throws Exception {
    for (int i = 0; i < 3; i++) {
      fill("large" + i);
      host.write(db, "small" + i, "content of " + i);
    }
    host.save(db, repository, replica);
    fill("large0");
    host.save(db, repository, replica);
  }

  private Backup first() {
    return repository.list().backups().getFirst();
  }

  private Mended mend(Backup backup) {
    return mend(backup, Level.FULL);
  }

  private Mended mend(Backup backup, Level level) {
    return new Verifying(
            level, host.files.getPath("/scratch"), new PortableFileTrees(), 1, host.clock)
        .mend(repository, replica, backup, _ -> {});
  }

  private static byte[] bytes(ObjectStore store, ObjectName name) throws StoreException {
    ByteBuffer bytes = ByteBuffer.allocate(16 << 20);
    byte[] all = new byte[store.read(name, 0, bytes)];
    bytes.flip().get(all);
    return all;
  }

  private static void flip(MemoryStore store, ObjectName name, long offset) throws StoreException {
    byte[] bytes = bytes(store, name);
    bytes[(int) offset] ^= 4;
    store.damage(name, bytes);
  }

  private Archive archive(BackupRecord record) {
    return archive(repository, record);
  }

  private static Archive archive(Repository where, BackupRecord record) {
    return Archive.open(record.own().name().text(), StoredArchives.of(where.store(), record));
  }

  /** The offsets of the frames of the archive's files, in the order of the files. */
  private List<Long> frames(BackupRecord record) {
    return frames(repository, record);
  }

  private static List<Long> frames(Repository where, BackupRecord record) {
    return frames(where, record, record.own().name());
  }

  /** The offsets of the frames of an object that the archive's files use. */
  private static List<Long> frames(Repository where, BackupRecord record, ObjectName object) {
    List<Long> offsets = new ArrayList<>();
    try (Archive archive = archive(where, record)) {
      archive
          .entries()
          .forEachRemaining(
              entry ->
                  entry.slices().stream()
                      .map(Slice::frame)
                      .filter(frame -> frame.object().equals(object.text()))
                      .forEach(frame -> offsets.add(frame.offset())));
    }
    return offsets;
  }

  private void assertRestores() {
    List<String> content = host.content(db);
    host.write(db, "small1", "to be overwritten");
    host.restore(host.restoreRequest(db, Mode.REPLACE));
    assertThat(host.content(db)).isEqualTo(content);
  }

  private void assertAllGood() {
    for (Backup backup : repository.list().backups()) {
      assertThat(host.verify(repository, backup).findings()).isEmpty();
    }
  }

  @Test
  void damaged_frames_are_read_from_the_replicas_parts() throws Exception {
    twoNights();
    BackupRecord full = first().record();
    List<Long> frames = frames(full);
    flip(host.store, full.own().name(), frames.getFirst() + 20);
    flip(host.store, full.own().name(), frames.getLast() + 9);
    long before = host.store.list("").stream().mapToLong(o -> o.size().bytes()).sum();
    assertThat(host.verify(repository, first()).good()).isFalse();

    Mended mended = mend(first());

    assertThat(mended.check().findings()).isEmpty();
    assertThat(mended.parts()).isEqualTo(2);
    assertThat(host.store.list("rests/")).singleElement().matches(o -> isPatch(o.name()));
    assertThat(host.store.list("").stream().mapToLong(o -> o.size().bytes()).sum() - before)
        .isLessThan(2_500_000);
    assertAllGood();
    Saved next = host.save(db, repository);
    assertThat(next.summary().rewritten()).isZero();
    assertRestores();
  }

  private static boolean isPatch(ObjectName name) {
    return name.text().endsWith(".patch");
  }

  @Test
  void a_damaged_index_is_mended_and_then_what_it_tells_of() throws Exception {
    twoNights();
    BackupRecord full = first().record();
    ObjectName own = full.own().name();
    long frame = frames(full).getLast();
    long page;
    long root;
    try (Archive archive = archive(full)) {
      page = archive.places().getFirst().offset();
      root = archive.end();
    }
    flip(host.store, own, frame + 20);
    flip(host.store, own, page + 20);
    flip(host.store, own, page - 3);
    flip(host.store, own, root + 12);
    flip(host.store, own, full.own().size().bytes() - 2);

    assertThat(mend(first()).check().findings()).isEmpty();
    assertAllGood();
    assertRestores();
  }

  @Test
  void a_missing_object_is_copied() throws Exception {
    twoNights();
    ObjectName own = first().record().own().name();
    host.store.delete(own);
    assertThat(host.verify(repository, first()).good()).isFalse();

    Mended mended = mend(first());

    assertThat(mended.check().findings()).isEmpty();
    assertThat(mended.parts()).isEqualTo(1);
    assertThat(bytes(host.store, own)).isEqualTo(bytes(host.otherStore, own));
    assertThat(host.store.list("checks/")).noneMatch(o -> o.name().last().startsWith("damage-"));
    assertAllGood();
  }

  @Test
  void a_copied_object_is_examined_before_its_damage_is_forgotten() throws Exception {
    twoNights();
    BackupRecord full = first().record();
    host.store.delete(full.own().name());
    assertThat(host.verify(repository, first()).good()).isFalse();
    flip(host.otherStore, full.own().name(), frames(replica, full).getFirst() + 20);

    Mended mended = mend(first(), Level.QUICK);

    assertThat(mended.parts()).isEqualTo(1);
    assertThat(mended.check().good()).isFalse();
    assertThat(host.store.list("checks/")).anyMatch(o -> o.name().last().startsWith("damage-"));
    assertThat(host.save(db, repository).summary().rewritten()).isPositive();
  }

  @Test
  void each_of_two_damaged_repositories_has_what_the_other_lacks() throws Exception {
    twoNights();
    BackupRecord full = first().record();
    List<Long> frames = frames(full);
    flip(host.store, full.own().name(), frames.getFirst() + 20);
    flip(host.otherStore, full.own().name(), frames.getLast() + 20);

    assertThat(mend(first()).check().findings()).isEmpty();
  }

  @Test
  void what_the_replica_does_not_have_either_stays_damaged() throws Exception {
    twoNights();
    BackupRecord full = first().record();
    List<Long> frames = frames(full);
    for (MemoryStore store : List.of(host.store, host.otherStore)) {
      flip(store, full.own().name(), frames.getFirst() + 20);
    }
    flip(host.store, full.own().name(), frames.getLast() + 20);

    Mended mended = mend(first());

    assertThat(mended.parts()).isEqualTo(1);
    assertThat(mended.check().good()).isFalse();
    assertThat(first().checks().damaged()).isTrue();
    assertThat(mend(first()).parts()).isZero();
  }

  @Test
  void parts_of_another_archive_are_not_taken() throws Exception {
    twoNights();
    BackupRecord full = first().record();
    ObjectName own = full.own().name();
    flip(host.store, own, frames(full).getFirst() + 20);
    byte[] other = bytes(host.otherStore, own);
    random.nextBytes(other);
    host.otherStore.damage(own, other);

    Mended mended = mend(first());

    assertThat(mended.parts()).isZero();
    assertThat(mended.check().good()).isFalse();
    assertThat(host.store.list("rests/")).isEmpty();
  }

  @Test
  void it_may_be_killed_at_any_step() throws Exception {
    twoNights();
    BackupRecord full = first().record();
    flip(host.store, full.own().name(), frames(full).getFirst() + 20);
    host.verify(repository, first());
    boolean finished = false;
    for (int end = 1; !finished; end++) {
      AtomicInteger left = new AtomicInteger(end);
      host.store.failBefore(_ -> failAt(left));
      try {
        finished = mend(first()).check().good() && left.get() > 0;
      } catch (VolumeException _) {
        // as if it had died
      }
      host.store.heal();
    }

    assertAllGood();
    assertThat(host.save(db, repository).summary().rewritten()).isZero();
  }

  private static void failAt(AtomicInteger left) throws StoreException {
    if (left.decrementAndGet() <= 0) {
      throw new StoreException.Failed("memory:", "anything", "gone", null);
    }
  }

  @Test
  void patches_go_with_what_they_mend() throws Exception {
    twoNights();
    BackupRecord full = first().record();
    flip(host.store, full.own().name(), frames(full).getFirst() + 20);
    mend(first());

    repository.forget(repository.list().backups().stream().map(Backup::id).toList());
    host.advance(Duration.ofHours(25));
    repository.forget(List.of());

    assertThat(host.store.list("rests/")).isEmpty();
    assertThat(host.store.list("data/")).isEmpty();
  }

  @Test
  void a_patch_does_not_stand_for_an_object_that_is_gone() throws Exception {
    twoNights();
    BackupRecord full = first().record();
    flip(host.store, full.own().name(), frames(full).getFirst() + 20);
    mend(first());
    host.store.delete(full.own().name());

    assertThat(host.verify(repository, first()).findings())
        .contains(full.own().name() + " is missing");
    assertThat(mend(first()).check().findings()).isEmpty();
  }

  /** Half of the files of each frame are gone in both, so that neither has the complete frame. */
  private Rest thinnedInBoth() throws Exception {
    for (int i = 0; i < 10; i++) {
      byte[] content = new byte[20_000];
      random.nextBytes(content);
      Files.write(host.write(db, "small" + i, ""), content);
    }
    host.save(db, repository, replica);
    ObjectName first = first().record().own().name();
    for (int i = 0; i < 10; i += 2) {
      Files.delete(host.data(db).resolve("small" + i));
    }
    host.save(db, repository, replica);
    return thinned(first);
  }

  /** Forgets the first backup in both and repacks; returns what is left of its object. */
  private Rest thinned(ObjectName object) throws Exception {
    BackupId gone = first().id();
    for (Repository each : List.of(repository, replica)) {
      each.forget(List.of(gone));
      repack(each);
    }
    host.advance(Duration.ofHours(25));
    repack(repository);
    repack(replica);
    assertThat(host.otherStore.list("data/")).hasSize(1);
    Rest rest = repository.rests().of(object).getFirst();
    assertThat(rest.thinned()).hasSize(1);
    return rest;
  }

  private static void repack(Repository where) {
    RepackLimits all = new RepackLimits(0, new Size(Long.MAX_VALUE));
    assertThat(new Repacking(where, all, _ -> {}).run().problems()).isEmpty();
  }

  @Test
  void a_frame_that_was_thinned_in_both_is_mended() throws Exception {
    Rest rest = thinnedInBoth();
    flip(host.store, rest.object().name(), rest.thinned().firstEntry().getValue().position() + 900);
    assertThat(host.verify(repository, first()).findings())
        .contains("small1 cannot be restored", "small9 cannot be restored");

    Mended mended = mend(first());

    assertThat(mended.check().findings()).isEmpty();
    assertThat(mended.parts()).isEqualTo(1);
    assertAllGood();
    assertThat(host.save(db, repository).summary().rewritten()).isZero();
    assertRestores();
  }

  @Test
  void a_frame_of_a_large_file_that_was_thinned_in_both_is_mended() throws Exception {
    byte[] content = new byte[1_500_000];
    random.nextBytes(content);
    Files.write(host.write(db, "large", ""), content);
    host.save(db, repository, replica);
    ObjectName first = first().record().own().name();
    byte[] end = new byte[500_000];
    random.nextBytes(end);
    System.arraycopy(end, 0, content, 1_000_000, end.length);
    Files.write(host.data(db).resolve("large"), content);
    host.save(db, repository, replica);
    Rest rest = thinned(first);
    flip(host.store, rest.object().name(), rest.thinned().firstEntry().getValue().position() + 900);
    assertThat(host.verify(repository, first()).findings()).contains("large cannot be restored");

    assertThat(mend(first()).check().findings()).isEmpty();
    assertAllGood();
    assertRestores();
  }

  /** The repair examined only the parts of the frame that this backup needs. */
  @Test
  void damage_of_a_thinned_frame_that_others_use_is_remembered() throws Exception {
    Rest rest = thinnedInBoth();
    host.save(db, repository, replica);
    flip(host.store, rest.object().name(), rest.thinned().firstEntry().getValue().position() + 900);
    assertThat(host.verify(repository, first()).good()).isFalse();

    assertThat(mend(first()).check().findings()).isEmpty();

    assertThat(host.save(db, repository).summary().rewritten()).isPositive();
  }

  @Test
  void a_thinned_frame_that_is_damaged_in_both_stays_so() throws Exception {
    Rest rest = thinnedInBoth();
    long at = rest.thinned().firstEntry().getValue().position() + 900;
    flip(host.store, rest.object().name(), at);
    flip(host.otherStore, host.otherStore.list("rests/").getFirst().name(), at);

    Mended mended = mend(first());

    assertThat(mended.parts()).isZero();
    assertThat(mended.check().good()).isFalse();
    assertThat(host.store.list("rests/")).hasSize(1);
  }

  /**
   * Reading turns to rests at the first damage, and each of the three places lacks another frame.
   */
  @Test
  void each_copy_of_a_part_is_tried_until_one_is_sound() throws Exception {
    fill("large3");
    twoNights();
    BackupRecord full = first().record();
    ObjectName own = full.own().name();
    BackupRecord last = host.last(repository);
    repository.forget(List.of(full.id()));
    repack(repository);
    Rest older = repository.rests().of(own).getFirst();
    List<Long> frames = frames(repository, last, own).stream().distinct().toList();
    assertThat(frames).hasSizeGreaterThan(3);
    host.advance(Duration.ofMinutes(1));
    ObjectName newer = copyOf(own, older);
    flip(host.store, own, frames.getFirst() + 20);
    flip(host.store, own, frames.get(1) + 20);
    flip(host.store, newer, position(older, frames.get(1)) + 20);
    flip(host.store, newer, position(older, frames.get(2)) + 9);
    flip(host.store, older.object().name(), position(older, frames.get(2)) + 9);

    assertAllGood();
    assertRestores();
  }

  private static long position(Rest rest, long offset) {
    return rest.parts().position(offset, 1).orElseThrow();
  }

  /** Writes a newer rest with the same parts. */
  private ObjectName copyOf(ObjectName object, Rest rest) throws Exception {
    byte[] bytes = bytes(host.store, rest.object().name());
    ObjectName name = repository.rests().next(object);
    try (PendingObject copy = repository.rests().begin(name, rest.object().size())) {
      copy.write(bytes, 0, bytes.length);
      copy.publish();
    }
    return name;
  }

  @Test
  void an_encrypted_repository_is_mended_with_a_plain_replica() throws Exception {
    MemoryStore sealed = new MemoryStore(host.clock, "memory:sealed");
    Repository encrypted =
        Repository.openOrCreate(
            new EncryptedStore(sealed, RepositoryKey.random()),
            host.clock,
            new SplittableRandom(3));
    fill("large");
    host.save(db, encrypted, replica);
    Backup backup = encrypted.list().backups().getFirst();
    ObjectName own = backup.record().own().name();
    flip(sealed, own, 300_000);
    flip(sealed, own, bytes(sealed, own).length - 30L);

    Mended mended =
        new Verifying(
                Level.FULL, host.files.getPath("/scratch"), new PortableFileTrees(), 1, host.clock)
            .mend(encrypted, replica, backup, _ -> {});

    assertThat(mended.check().findings()).isEmpty();
    assertThat(host.verify(encrypted, backup).findings()).isEmpty();
  }
}
