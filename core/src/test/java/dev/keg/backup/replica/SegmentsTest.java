package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.repack.RepackLimits;
import dev.keg.backup.repack.Repacking;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A first backup in objects of limited size, and one that continues an interrupted one. */
class SegmentsTest {

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final Random random = new Random(3);

  @BeforeEach
  void fill() throws IOException {
    host.segment = new Size(2_000_000);
    for (int i = 0; i < 8; i++) {
      fill("d/large" + i, 1_200_000);
    }
    for (int i = 0; i < 60; i++) {
      fill("e/small" + i, 20_000);
    }
    fill("huge", 12_000_000);
  }

  private void fill(String file, int length) throws IOException {
    byte[] content = new byte[length];
    random.nextBytes(content);
    Files.write(host.write(db, file, ""), content);
  }

  private List<StoredObject> data() throws StoreException {
    return host.store.list("data/");
  }

  private long stored() throws StoreException {
    return data().stream().mapToLong(object -> object.size().bytes()).sum();
  }

  private void assertGood() {
    for (Backup backup : host.repository.list().backups()) {
      assertThat(host.verify(host.repository, backup).findings()).isEmpty();
    }
    List<String> content = content();
    host.write(db, "d/large3", "other");
    host.restore(host.restoreRequest(db, Mode.REPLACE));
    assertThat(content()).isEqualTo(content);
  }

  private List<String> content() {
    try (Stream<Path> all = Files.walk(host.data(db))) {
      return all.filter(Files::isRegularFile).map(SegmentsTest::content).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(Path file) {
    try {
      return file + "=" + Arrays.hashCode(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_first_backup_is_many_objects_and_the_next_is_one() throws Exception {
    Saved first = host.save(db);
    BackupRecord record = host.last(host.repository);

    assertThat(record.id()).isEqualTo(first.id());
    assertThat(record.parent()).isNull();
    // Their number depends on how fast frames are written.
    assertThat(record.objects()).hasSizeGreaterThan(1).hasSameSizeAs(data());
    assertThat(record.own().name().last()).startsWith(record.id().text());
    assertThat(record.counts().stored().bytes()).isEqualTo(stored());
    assertThat(first.stored().bytes()).isEqualTo(stored());
    assertThat(host.save(db).stored().bytes()).isZero();
    fill("d/large1", 1_200_000);
    assertThat(host.save(db).stored().bytes()).isLessThan(1_300_000);
    assertThat(host.last(host.repository).parent()).isNotNull();
    assertGood();
  }

  @Test
  void one_that_dies_at_any_step_is_carried_on_by_the_next() throws Exception {
    host.save(db);
    long whole = stored();
    host.repository.forget(host.repository.list().backups().stream().map(Backup::id).toList());
    host.advance(Duration.ofHours(25));
    host.repository.forget(List.of());
    assertThat(data()).isEmpty();
    int goneOn = 0;
    for (int step = 1; diesAt(step); step += 11) {
      boolean wasWhole = !host.repository.list().backups().isEmpty();
      long left = stored();
      long rest = host.save(db).stored().bytes();
      // The content of the last object, and perhaps a page that ended with it.
      assertThat(rest).isLessThan(whole - left + 3_000_000);
      goneOn += rest < whole / 2 ? 1 : 0;
      assertThat(host.last(host.repository).parent() == null).isEqualTo(!wasWhole);
      assertGood();
      host.repository.forget(host.repository.list().backups().stream().map(Backup::id).toList());
      host.advance(Duration.ofDays(9));
      host.repository.forget(List.of());
      host.advance(Duration.ofDays(2));
      host.repository.forget(List.of());
      assertThat(data()).isEmpty();
    }
    assertThat(goneOn).isPositive();
  }

  @Test
  void what_was_forgotten_is_not_an_interrupted_backup() throws Exception {
    host.save(db);
    long whole = stored();
    host.repository.forget(host.repository.list().backups().stream().map(Backup::id).toList());
    host.advance(Duration.ofHours(13));

    assertThat(host.save(db).stored().bytes()).isGreaterThan(whole / 10 * 9);
    host.advance(Duration.ofHours(25));
    host.repository.forget(List.of());
    assertThat(stored()).isLessThan(whole / 10 * 11);
    assertGood();
  }

  private boolean diesAt(int step) {
    return host.store.diesAt(step, () -> host.save(db));
  }

  @Test
  void what_is_stored_stays_as_long_as_a_backup_comes_forward() throws Exception {
    assertThat(diesAt(20)).isTrue();
    List<StoredObject> early = data();
    assertThat(early).isNotEmpty();
    host.advance(Duration.ofDays(6));
    fill("d/large0", 1_200_000);
    for (int step = 24; data().size() == early.size(); step += 4) {
      assertThat(diesAt(step)).isTrue();
    }
    host.advance(Duration.ofDays(6));
    host.repository.forget(List.of());
    host.advance(Duration.ofHours(25));
    host.repository.forget(List.of());

    assertThat(data()).containsAll(early);
    host.advance(Duration.ofDays(2));
    host.repository.forget(List.of());
    host.advance(Duration.ofHours(25));
    host.repository.forget(List.of());
    assertThat(data()).isEmpty();
  }

  @Test
  void one_whose_objects_were_repacked_meanwhile_for_another_is_withdrawn() throws Exception {
    AtomicInteger steps = new AtomicInteger();
    host.store.failBefore(
        _ -> {
          if (steps.incrementAndGet() == 30) {
            anotherIsFaster();
          }
        });
    assertThatThrownBy(() -> host.save(db)).isInstanceOf(BackupWithdrawn.class);

    host.store.heal();
    assertThat(host.repository.list().backups()).hasSize(1);
    host.save(db);
    assertGood();
  }

  /** It builds on what the first has stored so far, and does not need all of it. */
  private void anotherIsFaster() {
    try {
      assertThat(data()).isNotEmpty();
      fill("d/large0", 1_200_000);
      host.save(db);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    for (int i = 0; i < 2; i++) {
      RepackLimits limits = new RepackLimits(0, new Size(Long.MAX_VALUE));
      new Repacking(host.repository, limits, _ -> {}).run();
      host.advance(Duration.ofHours(25));
    }
  }

  @Test
  void what_needs_something_forgotten_of_another_volume_is_not_carried_on() throws Exception {
    host.save(db);
    VolumeName two = host.create("two");
    Files.createDirectories(host.data(two).resolve("a"));
    Files.copy(host.data(db).resolve("d/large1"), host.data(two).resolve("a/same"));
    for (int i = 0; i < 8; i++) {
      byte[] content = new byte[1_200_000];
      random.nextBytes(content);
      Files.write(host.write(two, "b/large" + i, ""), content);
    }
    int left = data().size();
    for (int step = 24; data().size() == left; step += 4) {
      int last = step;
      assertThat(host.store.diesAt(last, () -> host.save(two))).isTrue();
    }
    host.repository.forget(List.of(host.last(host.repository).id()));
    host.advance(Duration.ofHours(13));

    host.save(two);
    host.advance(Duration.ofHours(25));
    host.repository.forget(List.of());
    Backup only = host.repository.list().backups().getFirst();
    assertThat(host.verify(host.repository, only).findings()).isEmpty();
  }
}
