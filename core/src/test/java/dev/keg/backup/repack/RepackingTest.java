package dev.keg.backup.repack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.Noise;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.repository.rest.Needed;
import dev.keg.backup.repository.rest.Retirement;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepackingTest {
  private static final Size UNLIMITED = new Size(Long.MAX_VALUE);

  /** The length of a file with its own frames: just more than the largest that shares them. */
  private static final int OWN_FRAMES = 1_050_000;

  /** The same with its part of the index and the small files. */
  private static final int WITH_INDEX = OWN_FRAMES + 50_000;

  private static final int SHARED_FRAMES = 20_000;

  /** A note without content. */
  private static final String NOTE = "{\"schema\":1}";

  private BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final Noise noise = new Noise(5);

  private void fill(String file) throws Exception {
    fill(file, OWN_FRAMES);
  }

  private void fill(String file, int length) throws Exception {
    Files.write(host.write(db, file, ""), noise.bytes(length));
  }

  /** Replaces the last third of a file. */
  private void fillEnd(String file) throws Exception {
    Path path = host.data(db).resolve(file);
    byte[] content = Files.readAllBytes(path);
    byte[] end = noise.bytes(content.length / 3);
    System.arraycopy(end, 0, content, content.length - end.length, end.length);
    Files.write(path, content);
  }

  /** Six nights after a full backup, of which only the last is kept. */
  private void sixNights(Repository repository) throws Exception {
    sevenBackups(repository);
    forgetAllBut(repository, repository.list(db).backups().getLast().id());
  }

  private void sevenBackups(Repository repository) throws Exception {
    for (int i = 0; i < 9; i++) {
      fill("large" + i);
      host.write(db, "small" + i, "content of " + i);
    }
    host.save(db, repository);
    for (int night = 0; night < 6; night++) {
      fill("large" + night);
      host.save(db, repository);
    }
  }

  private static void forgetAllBut(Repository repository, BackupId... kept) {
    repository.forget(allBut(repository, kept));
  }

  private static List<BackupId> allBut(Repository repository, BackupId... kept) {
    return repository.list().backups().stream()
        .map(Backup::id)
        .filter(id -> !List.of(kept).contains(id))
        .toList();
  }

  private static RepackReport repack(Repository repository, int mostUnused) {
    return new Repacking(repository, new RepackLimits(mostUnused, UNLIMITED), _ -> {}).run();
  }

  private static long size(MemoryStore store) throws StoreException {
    return Stream.concat(store.list("data/").stream(), store.list("rests/").stream())
        .mapToLong(object -> object.size().bytes())
        .sum();
  }

  private void assertAllGood(Repository repository) {
    for (Backup backup : repository.list().backups()) {
      assertThat(host.verify(repository, backup).findings()).isEmpty();
    }
  }

  private void assertRestores() {
    List<String> content = host.content(db);
    host.write(db, "small1", "to be overwritten");
    host.restore(host.restoreRequest(db, Mode.REPLACE));
    assertThat(host.content(db)).isEqualTo(content);
  }

  @ParameterizedTest(name = "format {0}")
  @ValueSource(ints = {1, 2})
  void what_no_backup_needs_is_freed_after_a_day(int format) throws Exception {
    Repository repository = format == 1 ? host.asInFirstRelease() : host.repository;
    sixNights(repository);
    long before = size(host.store);
    RepackReport first = repack(repository, 10);
    assertAllGood(repository);
    host.advance(Duration.ofHours(25));
    RepackReport second = repack(repository, 10);

    assertThat(first.objects()).isEqualTo(1);
    assertThat(first.deleted().bytes()).isZero();
    assertThat(first.waiting().bytes()).isGreaterThan(9 * OWN_FRAMES);
    assertThat(second.deleted()).isEqualTo(first.waiting());
    assertThat(second.objects()).isZero();
    assertThat(size(host.store)).isLessThan(before - 5 * OWN_FRAMES).isLessThan(10 * WITH_INDEX);
    assertThat(host.store.list("rests/")).hasSize(1);
    assertAllGood(repository);
    assertRestores();
  }

  @Test
  void no_rest_is_read_to_delete_what_a_lock_keeps() throws Exception {
    sixNights(host.repository);
    repack(host.repository, 10);
    host.advance(Duration.ofHours(25));
    Map<ObjectName, Needed> needed = new HashMap<>();
    NeededParts.of(host.repository, host.repository.list().backups())
        .parts()
        .forEach((object, pieces) -> needed.put(object.name(), pieces.needed()));
    List<ObjectName> read = new ArrayList<>();
    Retirement retirement =
        new Retirement(
            host.store, host.store.list("data/"), needed, (object, _) -> read.add(object));
    Instant now = host.repository.now();
    Instant settled = now.minus(Duration.ofHours(24));

    assertThat(retirement.replaced(settled, now.minus(Duration.ofDays(30)))).isEmpty();
    assertThat(read).isEmpty();
    assertThat(retirement.replaced(settled, now)).hasSize(1);
    assertThat(read).hasSize(1);
  }

  @Test
  void a_backup_builds_on_what_is_left_and_goes_with_it() throws Exception {
    sixNights(host.repository);
    repack(host.repository, 0);
    host.advance(Duration.ofHours(25));
    repack(host.repository, 0);
    host.write(db, "small2", "new");
    Files.move(host.data(db).resolve("large8"), host.data(db).resolve("renamed"));

    assertThat(host.save(db).stored().bytes()).isLessThan(20_000);
    assertThat(host.notes).noneMatch(note -> note.startsWith("warning"));
    assertAllGood(host.repository);
    assertRestores();
    for (String file : List.of("large6", "large7", "renamed")) {
      fill(file);
    }
    host.save(db);
    forgetAllBut(host.repository, host.last(host.repository).id());
    host.advance(Duration.ofHours(25));
    host.repository.forget(List.of());
    assertThat(repack(host.repository, 0).deleted().bytes()).isZero();
    host.advance(Duration.ofHours(25));
    repack(host.repository, 0);
    assertAllGood(host.repository);
    assertRestores();
    assertThat(size(host.store)).isLessThan(10 * WITH_INDEX);
  }

  /** A page also lists frames for later pages, so a remaining page may list deleted frames. */
  @Test
  void content_that_was_freed_is_written_again_when_it_comes_back() throws Exception {
    for (int i = 0; i < 900; i++) {
      host.write(db, "a/small" + i, "content of " + i);
    }
    fill("z/large0");
    fill("z/large1");
    host.save(db);
    byte[] content = Files.readAllBytes(host.data(db).resolve("z/large0"));
    Files.delete(host.data(db).resolve("z/large0"));
    host.save(db);
    forgetAllBut(host.repository, host.last(host.repository).id());
    repack(host.repository, 0);
    host.advance(Duration.ofHours(25));
    assertThat(repack(host.repository, 0).deleted().bytes()).isPositive();

    Files.write(host.data(db).resolve("z/large2"), content);
    assertThat(host.save(db).stored().bytes()).isGreaterThan(1_000_000);
    assertAllGood(host.repository);
  }

  @Test
  void little_that_is_unused_stays_and_no_more_is_copied_than_allowed() throws Exception {
    sixNights(host.repository);

    assertThat(repack(host.repository, 60).objects()).isZero();
    RepackLimits little = new RepackLimits(0, new Size(1_000_000));
    assertThat(new Repacking(host.repository, little, _ -> {}).run().objects()).isZero();
    RepackLimits none = new RepackLimits(0, UNLIMITED);
    RepackReport preview = new Repacking(host.repository, none, _ -> {}).preview(List.of());
    assertThat(preview.objects()).isEqualTo(1);
    assertThat(preview.copied().bytes()).isGreaterThan(3 * OWN_FRAMES);
    assertThat(host.store.list("rests/")).isEmpty();
  }

  @Test
  void a_preview_counts_what_is_still_to_be_forgotten() throws Exception {
    sevenBackups(host.repository);
    List<BackupId> all = host.repository.list().backups().stream().map(Backup::id).toList();
    Repacking repacking = new Repacking(host.repository, new RepackLimits(10, UNLIMITED), _ -> {});

    assertThat(repacking.preview(List.of()).objects()).isZero();
    assertThat(repacking.preview(all.subList(0, 6)).objects()).isEqualTo(1);
    assertThat(host.store.list("rests/")).isEmpty();
  }

  @Test
  void a_damaged_object_stays_as_it_is() throws Exception {
    sixNights(host.repository);
    ObjectName full = host.store.list("data/").getFirst().name();
    ByteBuffer bytes =
        ByteBuffer.allocate((int) host.store.list("data/").getFirst().size().bytes());
    host.store.read(full, 0, bytes);
    bytes.array()[bytes.limit() - 1_500_000] ^= 4;
    host.store.damage(full, bytes.array());
    RepackReport report = repack(host.repository, 0);

    assertThat(report.problems()).singleElement().asString().contains(full + ": damaged at byte");
    assertThat(host.store.list("rests/")).isEmpty();
  }

  @Test
  void a_damaged_rest_serves_nobody_and_nothing_is_deleted_for_it() throws Exception {
    sixNights(host.repository);
    repack(host.repository, 0);
    StoredObject rest = host.store.list("rests/").getFirst();
    ByteBuffer bytes = ByteBuffer.allocate((int) rest.size().bytes());
    host.store.read(rest.name(), 0, bytes);
    for (int at : List.of(1, 20, 40, 60, 70)) {
      byte[] damaged = bytes.array().clone();
      damaged[damaged.length - at] ^= 4;
      host.store.damage(rest.name(), damaged);
      assertThat(host.repository.rests().of(host.store.list("data/").getFirst().name())).isEmpty();
    }
    host.advance(Duration.ofHours(25));

    assertThat(repack(host.repository, 0).deleted().bytes()).isZero();
    assertAllGood(host.repository);
  }

  /** Damages the content of the newest rest, but not its table. */
  private void damageRest() throws Exception {
    StoredObject rest = host.store.list("rests/").getLast();
    ByteBuffer bytes = ByteBuffer.allocate((int) rest.size().bytes());
    host.store.read(rest.name(), 0, bytes);
    bytes.array()[1000] ^= 4;
    host.store.damage(rest.name(), bytes.array());
  }

  @Test
  void a_rest_that_cannot_be_read_back_is_not_used() throws Exception {
    sixNights(host.repository);
    host.store.failAfter(
        operation -> {
          if (operation.startsWith("publish rests/")) {
            damageUnchecked();
          }
        });
    RepackReport report = repack(host.repository, 0);
    host.store.heal();

    assertThat(report.problems()).singleElement().asString().contains("rests/db/");
    assertThat(report.objects()).isZero();
    assertThat(host.store.list("rests/")).isEmpty();
    assertAllGood(host.repository);
  }

  private void damageUnchecked() {
    try {
      damageRest();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nothing_is_deleted_for_a_rest_that_was_damaged_since() throws Exception {
    sixNights(host.repository);
    repack(host.repository, 0);
    damageRest();
    host.advance(Duration.ofHours(25));
    RepackReport report = repack(host.repository, 0);

    assertThat(report.problems()).singleElement().asString().contains("its checksum is wrong");
    assertThat(report.deleted().bytes()).isZero();
    assertAllGood(host.repository);
    assertRestores();
  }

  /** The server cannot read the object; its rest has all that the backup needs. */
  @Test
  void a_rest_serves_in_the_place_of_an_object_that_cannot_be_read() throws Exception {
    sixNights(host.repository);
    repack(host.repository, 0);
    ObjectName full = host.store.list("data/").getFirst().name();
    host.store.failBefore(
        operation -> {
          if (operation.equals("read " + full)) {
            throw new StoreException.Unreadable("memory:", full, null);
          }
        });

    assertRestores();
    host.store.heal();
  }

  @Test
  void a_rest_that_cannot_be_read_hides_no_other() throws Exception {
    sixNights(host.repository);
    repack(host.repository, 0);
    host.advance(Duration.ofHours(25));
    repack(host.repository, 0);
    StoredObject rest = host.store.list("rests/").getFirst();
    MemoryStore copy = host.store;
    ByteBuffer bytes = ByteBuffer.allocate((int) rest.size().bytes());
    copy.read(rest.name(), 0, bytes);
    host.advance(Duration.ofHours(1));
    ObjectName second =
        new ObjectName(rest.name().text().replace(rest.name().last(), "20991231T000000Z-0.rest"));
    try (PendingObject object = copy.create(second, rest.size())) {
      object.write(bytes.array());
      object.publish();
    }
    AtomicInteger refused = new AtomicInteger();
    host.store.failBefore(
        operation -> {
          // Its table can be read.
          if (operation.equals("read " + second) && refused.incrementAndGet() > 2) {
            throw new StoreException.Unreadable("memory:", second, null);
          }
        });

    assertRestores();
    assertThat(refused.get()).isGreaterThan(2);
    host.store.heal();
  }

  @Test
  void what_prevents_repacking_is_reported() throws Exception {
    sixNights(host.repository);
    ObjectName head = new ObjectName("backups/db/" + host.last(host.repository).id() + ".json");
    host.store.damage(head, new byte[] {1});

    assertThat(repack(host.repository, 0).problems())
        .singleElement()
        .asString()
        .contains(head.text());
  }

  /** A lock may keep such a record for decades. */
  @Test
  void a_record_that_is_forgotten_but_locked_keeps_no_parts() throws Exception {
    sixNights(host.repository);
    put("backups/db/20300101T000000Z-00000001.json", "garbage");
    put("checks/db/20300101T000000Z-00000001/forgotten-20400101T000000Z-00000002.json", NOTE);
    assertThat(host.repository.list().damages()).isEmpty();
    repack(host.repository, 0);
    host.advance(Duration.ofHours(25));

    assertThat(repack(host.repository, 0).deleted().bytes()).isPositive();
    assertAllGood(host.repository);
  }

  @Test
  void a_record_that_was_damaged_and_is_not_forgotten_keeps_all_parts() throws Exception {
    sixNights(host.repository);
    repack(host.repository, 0);
    host.advance(Duration.ofHours(25));
    host.store.failBefore(
        operation -> {
          if (operation.startsWith("publish forgotten/")) {
            host.store.heal();
            put("backups/db/20300101T000000Z-00000001.json", "garbage");
          }
        });

    assertThat(repack(host.repository, 0).deleted().bytes()).isZero();
  }

  private void put(String name, String text) throws StoreException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (PendingObject object = host.store.create(new ObjectName(name), new Size(bytes.length))) {
      object.write(bytes);
      object.publish();
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }

  private Repository opened(MemoryStore store) {
    return Repository.openOrCreate(store, host.clock, new SplittableRandom(6));
  }

  @Tag("time")
  @Test
  void repacking_that_dies_at_any_step_is_finished_by_the_next() throws Exception {
    sixNights(host.repository);
    repack(host.repository, 0);
    MemoryStore begun = host.store.copy();
    // Parts of the rest are no longer needed.
    fill("large7");
    host.save(db);
    forgetAllBut(host.repository, host.last(host.repository).id());
    MemoryStore more = host.store.copy();
    for (MemoryStore start : List.of(begun, more)) {
      int step = 1 + (start == begun ? 0 : 1) % NeedsTime.STRIDE;
      for (boolean died = true; died; step += NeedsTime.STRIDE) {
        MemoryStore store = start.copy();
        Repository repository = opened(store);
        host.advance(Duration.ofHours(25));
        died = store.diesAt(step, () -> repack(repository, 0));
        assertAllGood(repository);
        for (int day = 0; day < 2; day++) {
          repack(repository, 0);
          host.advance(Duration.ofHours(25));
        }
        repack(repository, 0);
        assertAllGood(repository);
        assertThat(store.list("rests/")).hasSize(1);
        assertThat(store.list("forgotten/").size()).isLessThanOrEqualTo(2);
        assertThat(size(store)).isLessThan(11 * WITH_INDEX);
      }
      assertThat(step).isGreaterThan(10);
    }
  }

  /** By the length of their files; created once for all tests, which copy their stores. */
  private static final Map<Integer, Running> RUNNING = new HashMap<>();

  /** The tests that use it continue on its host. */
  private Running running(int length) throws Exception {
    Running running = RUNNING.get(length);
    if (running == null) {
      running = new Running(length);
      RUNNING.put(length, running);
    }
    host = running.host;
    return running;
  }

  /** A backup that needs parts of an object which no backup in the repository needs. */
  private final class Running {
    final BackedHost host = RepackingTest.this.host;
    final MemoryStore start;
    final BackupRecord base;
    final BackupRecord later;
    final BackupRecord record;

    /**
     * @param length the length of the files: they share frames, or have their own
     */
    Running(int length) throws Exception {
      fill("file0", length);
      fill("file1", length);
      host.write(db, "small", "1");
      host.save(db);
      fill("file0", length);
      fill("file1", length);
      host.save(db);
      base = host.last(host.repository);
      host.write(db, "small", "2");
      host.save(db);
      record = host.last(host.repository);
      // So far, only its data exists.
      host.store.delete(new ObjectName("backups/db/" + record.id() + ".json"));
      fill("file0", length);
      if (length == OWN_FRAMES) {
        fillEnd("file1"); // a part of its frame is still needed
      }
      host.save(db);
      later = host.last(host.repository);
      start = host.store.copy();
    }
  }

  @Tag("time")
  @ParameterizedTest(name = "{0} hours after its base was repacked, files of {1} bytes")
  @CsvSource({
    "11, " + OWN_FRAMES,
    "13, " + OWN_FRAMES,
    "0, 20000",
    "11, 20000",
    "13, 20000",
    "25, 20000"
  })
  void a_backup_that_is_published_while_its_base_is_repacked_is_whole_or_withdrawn(
      int hours, int length) throws Exception {
    publishedWhileRepacked(hours, length);
  }

  @NeedsTime
  @ParameterizedTest(name = "{0} hours after its base was repacked")
  @ValueSource(ints = {0, 25, 49})
  void a_backup_of_large_files_that_is_published_while_its_base_is_repacked_is_whole_or_withdrawn(
      int hours) throws Exception {
    publishedWhileRepacked(hours, OWN_FRAMES);
  }

  private void publishedWhileRepacked(int hours, int length) throws Exception {
    Running running = running(length);
    List<Boolean> published = new ArrayList<>();
    for (boolean inside : List.of(false, true)) {
      int step = 1 + (inside ? 1 : 0) % NeedsTime.STRIDE;
      for (boolean met = true; met; step += NeedsTime.STRIDE) {
        MemoryStore store = running.start.copy();
        Repository repository = opened(store);
        forgetAllBut(repository, running.later.id());
        repack(repository, 0);
        host.advance(Duration.ofHours(hours));
        Runnable publish = () -> published.add(publish(repository, running));
        Runnable repack = () -> repack(repository, 0);
        met =
            inside
                ? interrupt(store, step, publish, repack)
                : interrupt(store, step, repack, publish);
        assertAllGood(repository);
        for (int day = 0; day < 3; day++) {
          host.advance(Duration.ofHours(25));
          repository.forget(List.of());
          repack(repository, 0);
        }
        assertAllGood(repository);
      }
      assertThat(step).isGreaterThan(6);
    }
    assertThat(published).contains(hours < 12).doesNotContain(hours >= 12);
  }

  @Tag("time")
  @ParameterizedTest(name = "files of {0} bytes")
  @ValueSource(ints = {OWN_FRAMES, SHARED_FRAMES})
  void a_backup_that_is_published_while_all_is_deleted_at_once_is_whole_or_withdrawn(int length)
      throws Exception {
    Running running = running(length);
    List<Boolean> published = new ArrayList<>();
    for (boolean inside : List.of(false, true)) {
      int step = 1 + (inside ? 1 : 0) % NeedsTime.STRIDE;
      for (boolean met = true; met; step += NeedsTime.STRIDE) {
        MemoryStore store = running.start.copy();
        Repository repository = opened(store);
        Runnable publish = () -> published.add(publish(repository, running));
        List<BackupId> victims = allBut(repository, running.later.id());
        Runnable forget = () -> forgetAtOnce(repository, victims);
        met =
            inside
                ? interrupt(store, step, publish, forget)
                : interrupt(store, step, forget, publish);
        assertAllGood(repository);
        for (int day = 0; day < 2; day++) {
          host.advance(Duration.ofHours(25));
          repository.forget(List.of());
          repack(repository, 0);
        }
        assertAllGood(repository);
      }
      assertThat(step).isGreaterThan(6);
    }
    assertThat(published).contains(true, false);
  }

  private static void forgetAtOnce(Repository repository, List<BackupId> victims) {
    repository.forget(victims, Grace.NONE);
    new Repacking(repository, new RepackLimits(0, UNLIMITED, Grace.NONE), _ -> {}).run();
  }

  @Tag("time")
  @Test
  void what_is_deleted_at_once_leaves_what_backups_need_at_whatever_step_it_dies()
      throws Exception {
    sevenBackups(host.repository);
    BackupId kept = host.last(host.repository).id();
    MemoryStore start = host.store.copy();
    int step = 1;
    for (boolean died = true; died; step += NeedsTime.STRIDE) {
      MemoryStore store = start.copy();
      Repository repository = opened(store);
      List<BackupId> victims = allBut(repository, kept);
      died = store.diesAt(step, () -> forgetAtOnce(repository, victims));
      assertAllGood(repository);
      if (!died) {
        assertThat(size(store)).isLessThan(10 * WITH_INDEX);
        assertThat(store.list("rests/")).hasSize(1);
      }
    }
    assertThat(step).isGreaterThan(20);
  }

  @Tag("time")
  @ParameterizedTest(name = "files of {0} bytes")
  @ValueSource(ints = {OWN_FRAMES, SHARED_FRAMES})
  void a_backup_that_appears_while_repacking_takes_very_long_loses_nothing(int length)
      throws Exception {
    Running running = running(length);
    int step = 1;
    for (boolean met = true; met; step += NeedsTime.STRIDE) {
      MemoryStore store = running.start.copy();
      Repository repository = opened(store);
      forgetAllBut(repository, running.later.id());
      repack(repository, 0);
      assertThat(repository.rests().of(running.record.objects().getLast().name()))
          .anySatisfy(rest -> assertThat(rest.thinned()).isNotEmpty());
      host.advance(Duration.ofHours(4));
      met =
          interrupt(
              store,
              step,
              () -> {
                assertThat(publish(repository, running)).isTrue();
                host.advance(Duration.ofHours(21));
              },
              () -> repack(repository, 0));
      assertAllGood(repository);
    }
    assertThat(step).isGreaterThan(6);
  }

  private static boolean publish(Repository repository, Running running) {
    try {
      repository.publish(running.record, List.of(running.base));
      return true;
    } catch (BackupWithdrawn _) {
      return false;
    }
  }

  /** Executes the event before the n-th request of the work; false if there are fewer requests. */
  private static boolean interrupt(MemoryStore store, int number, Runnable event, Runnable work) {
    AtomicInteger steps = new AtomicInteger();
    store.failBefore(
        _ -> {
          if (steps.incrementAndGet() == number) {
            store.heal();
            event.run();
          }
        });
    work.run();
    store.heal();
    return steps.get() >= number;
  }
}
