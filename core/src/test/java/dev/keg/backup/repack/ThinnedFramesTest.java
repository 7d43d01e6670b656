package dev.keg.backup.repack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.FrameThinner;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.browse.BackupTree;
import dev.keg.backup.browse.Browsing;
import dev.keg.backup.replica.StoredArchives;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.repository.rest.ThinnedFrame;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Parts of a frame, such as small files that share it, do not keep each other's space in use. */
class ThinnedFramesTest {
  private static final int FILES = 40;
  private static final int LENGTH = 20_000;

  /** The length of a file with a frame of its own, and how much of it stays. */
  private static final int LARGE = 2_000_000;

  private static final int KEPT = 1_200_000;

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final SplittableRandom random = new SplittableRandom(5);

  private void fill(int number) throws Exception {
    byte[] content = new byte[LENGTH];
    random.nextBytes(content);
    Files.write(host.write(db, "f" + number, ""), content);
  }

  /** Three quarters of the files are new since the forgotten backup. */
  private ObjectName forgottenWithAFewFilesLeft() throws Exception {
    for (int i = 0; i < FILES; i++) {
      fill(i);
    }
    host.save(db);
    ObjectName first = host.store.list("data/").getFirst().name();
    for (int i = 0; i < FILES; i++) {
      if (i % 4 != 0) {
        fill(i);
      }
    }
    host.save(db);
    host.repository.forget(List.of(host.repository.list(db).backups().getFirst().id()));
    return first;
  }

  private RepackReport repack() {
    return new Repacking(host.repository, new RepackLimits(0, new Size(Long.MAX_VALUE)), _ -> {})
        .run();
  }

  private void repackAndWait() {
    repack();
    host.advance(Duration.ofHours(25));
    repack();
  }

  private long stored() throws Exception {
    return Stream.concat(host.store.list("data/").stream(), host.store.list("rests/").stream())
        .mapToLong(object -> object.size().bytes())
        .sum();
  }

  private List<String> findings() {
    return host.verify(host.repository, host.repository.list(db).backups().getLast()).findings();
  }

  private void damageRest(int at) throws Exception {
    StoredObject rest = host.store.list("rests/").getLast();
    ByteBuffer bytes = ByteBuffer.allocate((int) rest.size().bytes());
    host.store.read(rest.name(), 0, bytes);
    bytes.array()[at] ^= 4;
    host.store.damage(rest.name(), bytes.array());
  }

  private void assertRestores() {
    List<String> content = host.content(db);
    host.write(db, "f0", "to be overwritten");
    host.restore(host.restoreRequest(db, Mode.REPLACE));
    assertThat(host.content(db)).isEqualTo(content);
  }

  @Test
  void what_is_gone_takes_no_room_and_what_is_left_is_as_it_was() throws Exception {
    ObjectName first = forgottenWithAFewFilesLeft();
    repackAndWait();

    assertThat(host.store.list("data/").stream().map(StoredObject::name)).doesNotContain(first);
    assertThat(host.repository.rests().of(first)).singleElement().satisfies(r -> thinned(r, 1));
    assertThat(stored()).isLessThan((FILES + 2) * LENGTH);
    assertThat(findings()).isEmpty();
    assertRestores();
  }

  private static void thinned(Rest rest, int frames) {
    assertThat(rest.thinned()).hasSize(frames);
  }

  @Test
  void later_backups_build_on_what_is_left_until_it_is_needed_no_more() throws Exception {
    ObjectName first = forgottenWithAFewFilesLeft();
    repackAndWait();
    Files.move(host.data(db).resolve("f0"), host.data(db).resolve("renamed"));
    fill(4);

    assertThat(host.save(db).stored().bytes()).isLessThan(LENGTH + 10_000);
    assertThat(findings()).isEmpty();
    assertRestores();
    host.repository.forget(
        host.repository.list(db).backups().subList(0, 1).stream().map(b -> b.id()).toList());
    host.advance(Duration.ofHours(25));
    repackAndWait();
    assertThat(host.repository.rests().of(first)).singleElement().satisfies(r -> thinned(r, 1));
    assertThat(stored()).isLessThan((FILES + 3) * LENGTH);
    assertThat(findings()).isEmpty();
    assertRestores();
  }

  @Test
  void what_earlier_builds_left_is_read_and_thinned_again() throws Exception {
    ObjectName first = forgottenWithAFewFilesLeft();
    repackAndWait();
    Rest rest = host.repository.rests().of(first).getFirst();
    host.store.damage(rest.object().name(), EarlierRest.of(host.store, rest));

    assertThat(host.repository.rests().of(first))
        .singleElement()
        .satisfies(earlier -> assertThat(hash(earlier)).isEmpty());
    assertThat(findings()).isEmpty();
    assertRestores();
    fill(4);
    host.save(db);
    host.repository.forget(List.of(host.repository.list(db).backups().getFirst().id()));
    repackAndWait();
    assertThat(host.repository.rests().of(first))
        .singleElement()
        .satisfies(again -> assertThat(hash(again)).isPresent());
    assertThat(findings()).isEmpty();
    assertRestores();
  }

  @Test
  void a_rest_of_a_later_version_is_refused_instead_of_taken_for_damage() throws Exception {
    forgottenWithAFewFilesLeft();
    repackAndWait();
    StoredObject rest = host.store.list("rests/").getLast();
    byte[] bytes = new byte[(int) rest.size().bytes()];
    host.store.read(rest.name(), 0, ByteBuffer.wrap(bytes));
    ByteBuffer.wrap(bytes).putInt(bytes.length - 56, 4);
    host.store.damage(rest.name(), bytes);

    assertThatThrownBy(this::findings)
        .isInstanceOf(NewerSchema.class)
        .hasMessageContaining(rest.name().text());
  }

  /** The earlier content of a small file is in a shared frame, parts of which may be missing. */
  @Test
  void a_file_that_grows_large_refers_to_no_frame_of_small_ones() throws Exception {
    forgottenWithAFewFilesLeft();
    repackAndWait();
    byte[] content = new byte[1_500_000];
    System.arraycopy(Files.readAllBytes(host.data(db).resolve("f0")), 0, content, 0, LENGTH);
    Files.write(host.data(db).resolve("f0"), content);
    host.save(db);

    assertThat(findings()).isEmpty();
    assertRestores();
  }

  /** The frame may be thinned for the previous backup while the next one is made. */
  @Test
  void a_file_that_grows_large_refers_to_no_frame_that_may_be_thinned_meanwhile() throws Exception {
    byte[] content = new byte[1_500_000];
    random.nextBytes(content);
    Files.write(host.write(db, "f", ""), Arrays.copyOf(content, 900_000));
    host.save(db);
    DataObject first = host.last(host.repository).own();
    Files.write(host.data(db).resolve("f"), content);
    host.save(db);

    assertThat(host.last(host.repository).objects()).doesNotContain(first);
  }

  @Test
  void an_older_rest_serves_a_backup_that_appeared_after_the_newest_was_written() throws Exception {
    ObjectName first = forgottenWithAFewFilesLeft();
    repackAndWait();
    BackupRecord late = host.last(host.repository);
    for (int i = 0; i < FILES; i += 8) {
      fill(i);
    }
    host.save(db);
    host.repository.forget(List.of(late.id()));
    repack();
    host.repository.publish(late, List.of());

    assertThat(host.repository.rests().of(first)).hasSize(2);
    assertThat(host.verify(host.repository, host.repository.list(db).backups().getFirst()))
        .satisfies(check -> assertThat(check.findings()).isEmpty());
    host.advance(Duration.ofHours(25));
    assertThat(repack().problems()).isEmpty();
    assertThat(host.verify(host.repository, host.repository.list(db).backups().getFirst()))
        .satisfies(check -> assertThat(check.findings()).isEmpty());
  }

  @Test
  void two_rests_with_other_files_of_one_frame_become_one() throws Exception {
    TwoRests two = TwoRests.make(host, db, host.create("two"));
    ObjectName first = two.odd().objects().getLast().name();
    assertThat(host.store.list("data/").stream().map(StoredObject::name)).doesNotContain(first);
    assertThat(host.repository.rests().of(first).size()).isEqualTo(2);
    for (int i = 1; i < TwoRests.FILES; i += 4) {
      fill(i);
    }
    host.save(db);
    host.repository.forget(List.of(two.odd().id()));

    assertThat(repack().problems()).isEmpty();
    host.advance(Duration.ofHours(25));
    assertThat(repack().problems()).isEmpty();
    assertThat(host.repository.rests().of(first).size()).isEqualTo(1);
    for (Backup backup : host.repository.list().backups()) {
      assertThat(host.verify(host.repository, backup).findings()).isEmpty();
    }
  }

  @Test
  void nothing_is_copied_again_when_nothing_more_is_unused() throws Exception {
    forgottenWithAFewFilesLeft();
    repackAndWait();

    RepackReport again = repack();
    assertThat(again.objects()).isZero();
    assertThat(again.unused().bytes()).isLessThan(LENGTH / 10);
  }

  @Test
  void nothing_is_deleted_for_a_thinned_frame_that_is_damaged() throws Exception {
    ObjectName first = forgottenWithAFewFilesLeft();
    repack();
    Rest rest = host.repository.rests().of(first).getFirst();
    damageRest((int) rest.thinned().firstEntry().getValue().position() + 1000);
    host.advance(Duration.ofHours(25));
    RepackReport report = repack();

    assertThat(report.problems()).isNotEmpty();
    assertThat(report.deleted().bytes()).isZero();
    assertThat(findings()).isEmpty();
    assertRestores();
  }

  @Test
  void damage_of_a_thinned_frame_is_found_and_heals() throws Exception {
    ObjectName first = forgottenWithAFewFilesLeft();
    repackAndWait();
    Rest rest = host.repository.rests().of(first).getFirst();
    damageRest((int) rest.thinned().firstEntry().getValue().position() + 1000);

    assertThat(findings())
        .contains("f0 cannot be restored")
        .doesNotContain("f1 cannot be restored");
    host.save(db);
    assertThat(findings()).isEmpty();
    assertRestores();
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void writeLarge(byte[] content) throws Exception {
    Files.write(host.write(db, "large", ""), content);
  }

  /** The second part of the file is new since the forgotten backup; returns the first content. */
  private byte[] forgottenWithAPartOfALargeFileLeft() throws Exception {
    byte[] before = random(LARGE);
    writeLarge(before);
    host.save(db);
    byte[] now = before.clone();
    System.arraycopy(random(LARGE - KEPT), 0, now, KEPT, LARGE - KEPT);
    writeLarge(now);
    host.save(db);
    host.repository.forget(List.of(host.repository.list(db).backups().getFirst().id()));
    return before;
  }

  @Test
  void what_is_gone_of_a_large_file_takes_no_room() throws Exception {
    forgottenWithAPartOfALargeFileLeft();
    repackAndWait();

    assertThat(stored()).isLessThan(LARGE + 10_000);
    assertThat(findings()).isEmpty();
    assertRestores();
  }

  @Test
  void later_backups_build_on_what_is_left_of_a_large_file() throws Exception {
    forgottenWithAPartOfALargeFileLeft();
    repackAndWait();
    byte[] content = Files.readAllBytes(host.data(db).resolve("large"));
    content[KEPT / 2]++;
    writeLarge(content);
    assertThat(host.save(db).stored().bytes()).isLessThan(10_000);
    assertThat(findings()).isEmpty();
    byte[] moved = new byte[content.length + 1];
    System.arraycopy(content, 0, moved, 1, content.length);
    writeLarge(moved);
    assertThat(host.save(db).stored().bytes()).isLessThan(LARGE - KEPT + 10_000);
    assertThat(findings()).isEmpty();
    assertRestores();
  }

  /** Its end becomes a small file, which would need tar's headers before it in a shared frame. */
  @Test
  void a_small_file_does_not_refer_to_what_is_left_of_a_large_one() throws Exception {
    byte[] content = random((4 << 20) + 1_300_000);
    Arrays.fill(content, 0, 4 << 20, (byte) 7);
    writeLarge(content);
    host.save(db);
    writeLarge(Arrays.copyOfRange(content, 600_000, content.length));
    host.save(db);
    Slice end = lastOfLarge();
    assertThat(end.isWholeFrame()).isFalse();
    host.repository.forget(List.of(host.repository.list(db).backups().getFirst().id()));
    repackAndWait();
    writeLarge(Arrays.copyOfRange(content, content.length - end.length(), content.length));
    host.save(db);

    assertThat(lastOfLarge().frame()).isNotEqualTo(end.frame());
    assertThat(findings()).isEmpty();
    assertRestores();
  }

  private Slice lastOfLarge() {
    BackupRecord record = host.last(host.repository);
    StoredArchives objects = StoredArchives.of(host.store, record);
    try (Archive archive = Archive.open(record.own().name().text(), objects)) {
      return archive.find(TreePath.parse("large")).orElseThrow().slices().getLast();
    }
  }

  /** The frame may be thinned for the previous backup while the next one is made. */
  @Test
  void a_large_file_refers_only_to_what_the_previous_backup_has_of_a_frame() throws Exception {
    byte[] before = forgottenWithAPartOfALargeFileLeft();
    ObjectName first = host.store.list("data/").getFirst().name();
    byte[] again = new byte[LARGE + 1];
    System.arraycopy(before, 0, again, 1, LARGE);
    writeLarge(again);
    host.save(db);
    BackupRecord late = host.last(host.repository);
    assertThat(late.objects()).extracting(DataObject::name).contains(first);
    host.repository.forget(List.of(late.id()));
    repack();
    host.repository.publish(late, List.of());
    host.store.delete(first);

    assertThat(host.repository.rests().of(first)).singleElement().satisfies(r -> thinned(r, 1));
    assertThat(findings()).isEmpty();
    assertRestores();
  }

  @Test
  void other_content_in_a_thinned_frame_of_a_large_file_is_found() throws Exception {
    forgottenWithAPartOfALargeFileLeft();
    ObjectName first = host.store.list("data/").getFirst().name();
    repackAndWait();
    Rest rest = host.repository.rests().of(first).getFirst();
    host.store.damage(rest.object().name(), withOtherContent(rest, hash(rest)));

    assertThat(findings()).first().asString().contains("its hash does not match");
  }

  @Test
  void a_part_of_a_large_file_without_a_hash_is_found() throws Exception {
    forgottenWithAPartOfALargeFileLeft();
    ObjectName first = host.store.list("data/").getFirst().name();
    repackAndWait();
    Rest rest = host.repository.rests().of(first).getFirst();
    host.store.damage(rest.object().name(), EarlierRest.of(host.store, rest));

    assertThat(findings()).first().asString().contains("records no hash");
  }

  /**
   * An attacker who can write to the repository can forge frames, but not the hash of their
   * content.
   */
  @Test
  void a_thinned_frame_with_other_content_is_found() throws Exception {
    ObjectName first = forgottenWithAFewFilesLeft();
    repackAndWait();
    Rest rest = host.repository.rests().of(first).getFirst();
    host.store.damage(rest.object().name(), withOtherContent(rest, Optional.empty()));

    assertThat(host.repository.rests().of(first)).hasSize(1);
    assertThat(findings()).first().asString().contains("its content does not match");
    try (BackupTree tree =
        Browsing.open(host.repository, host.repository.list(db).backups().getLast())) {
      assertThatThrownBy(() -> Browsing.content(tree, TreePath.parse("f8")).readAllBytes())
          .hasMessageContaining("its content does not match");
    }
    for (int i = 0; i < FILES; i++) {
      host.write(db, "f" + i, "to be overwritten");
    }
    assertThatThrownBy(() -> host.restore(host.restoreRequest(db, Mode.REPLACE)))
        .hasMessageContaining("its content does not match");
  }

  private static Optional<ByteString> hash(Rest rest) {
    return rest.thinned().firstEntry().getValue().hash();
  }

  /**
   * @param hash what the table says of the content; if empty, the truth
   */
  private byte[] withOtherContent(Rest rest, Optional<ByteString> hash) throws Exception {
    ThinnedFrame frame = rest.thinned().firstEntry().getValue();
    ByteBuffer stored = ByteBuffer.allocate(frame.stored());
    rest.read(host.store, frame, stored);
    byte[] plain = new byte[(int) Zstd.getFrameContentSize(stored.array())];
    Zstd.decompress(plain, stored.array());
    plain[frame.content().blocks().length() * 512 - 1000] ^= 4;
    ByteBuffer other = ByteBuffer.wrap(Zstd.compress(plain));
    FrameKey key = FrameKey.parse(host.repository.key().orElseThrow());
    FrameThinner.ThinFrame packed =
        new FrameThinner.ThinFrame(other, key.hash(ByteBuffer.wrap(plain)));
    ByteBuffer parts = ByteBuffer.allocate((int) rest.parts().length());
    host.store.read(rest.object().name(), 0, parts);
    ThinnedFrame forged =
        new ThinnedFrame(
            frame.content(),
            frame.position(),
            other.remaining(),
            packed.crc(),
            hash.or(() -> Optional.of(packed.hash().bytes())));
    byte[] end = Rest.end(rest.length(), rest.parts(), List.of(forged));
    return ByteBuffer.allocate(parts.capacity() + other.remaining() + end.length)
        .put(parts.flip())
        .put(other)
        .put(end)
        .array();
  }
}
