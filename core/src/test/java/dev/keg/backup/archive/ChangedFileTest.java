package dev.keg.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.write.ArchiveRequest.Changes;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.TreePath;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large files that are changed in place, like those of databases. */
class ChangedFileTest {
  private static final int PAGE = 8 << 10;
  private static final int SIZE = 16 << 20;

  private final Shelf shelf = new Shelf();
  private final FakeTree tree = new FakeTree();
  private final SplittableRandom random = new SplittableRandom(6);

  /** The content of the file, and the archive of it alone, created once for all tests. */
  private static final byte[] FIRST = first();

  private static final byte[] ARCHIVE = archive();

  /** The present content; the tree reads it from here. */
  private final byte[] content = FIRST.clone();

  private static byte[] first() {
    byte[] bytes = new byte[SIZE];
    new SplittableRandom(5).nextBytes(bytes);
    return bytes;
  }

  private static byte[] archive() {
    FakeTree tree = new FakeTree();
    tree.file("db", FIRST);
    Shelf shelf = new Shelf();
    shelf.addShared("0", tree);
    return shelf.bytes("0");
  }

  @BeforeEach
  void shelve_the_archive_of_a_large_file() {
    tree.file("db", content);
    shelf.objects.put("0", ARCHIVE);
  }

  private void change(int... pages) {
    byte[] bytes = new byte[PAGE];
    for (int page : pages) {
      random.nextBytes(bytes);
      System.arraycopy(bytes, 0, content, page * PAGE, PAGE);
    }
    tree.get("db").write(content);
  }

  private void changeSome(int pages) {
    change(random.ints(pages, 0, SIZE / PAGE).toArray());
  }

  private IndexedEntry db(String name) {
    return shelf.entries(name).stream()
        .filter(entry -> entry.entry().path().toString().equals("db"))
        .findFirst()
        .orElseThrow();
  }

  private void assertSame(String name) {
    assertThat(shelf.verify(name).findings()).isEmpty();
    assertThat(shelf.content(name, "db")).isEqualTo(content);
  }

  private void assertConcise(String name) {
    Map<FrameRef, Integer> used = new HashMap<>();
    db(name).slices().forEach(s -> used.merge(s.frame(), s.length(), Integer::sum));
    used.forEach((frame, bytes) -> assertThat(2L * bytes).isGreaterThanOrEqualTo(frame.length()));
    db(name)
        .runs()
        .forEach(
            run ->
                assertThat(run.of(db(name).slices()).stream().map(Slice::frame).distinct())
                    .hasSizeLessThanOrEqualTo(25));
  }

  @Test
  void a_changed_page_costs_little_more_than_itself() {
    change(1000);
    ArchiveSummary summary = shelf.addShared("1", tree, "0");

    assertThat(summary.written()).isLessThan(16 << 10);
    assertThat(db("1").runs()).hasSize(1);
    assertSame("1");
    assertThat(shelf.addShared("2", tree, "1").written()).isZero();
  }

  @Test
  void many_nights_leave_a_file_that_is_read_from_few_places() {
    long written = 0;
    for (int night = 1; night <= 40; night++) {
      changeSome(6);
      written += shelf.addShared("" + night, tree, "" + (night - 1)).written();
    }
    // 240 pages of 8 KiB
    assertThat(written).isLessThan(8 << 20);
    assertSame("40");
    assertConcise("40");
  }

  /** The frames that it is read from are rewritten, but each change only a few times. */
  @Test
  void a_page_every_night_in_one_place_is_not_written_again_every_few_nights() {
    byte[] hot = new byte[2 << 20];
    random.nextBytes(hot);
    byte[] page = new byte[PAGE];
    tree.file("hot", hot);
    shelf.addShared("1", tree, "0");
    long written = 0;
    for (int night = 2; night <= 200; night++) {
      random.nextBytes(page);
      System.arraycopy(page, 0, hot, random.nextInt(hot.length / PAGE) * PAGE, PAGE);
      tree.get("hot").write(hot);
      written += shelf.addShared("" + night, tree, "" + (night - 1)).written();
    }
    // 199 pages of 8 KiB, and once the whole file, after half of it has changed
    assertThat(written).isLessThan(10 << 20);
    assertThat(shelf.content("200", "hot")).isEqualTo(hot);
    assertConcise("200");
  }

  @Test
  void what_changes_altogether_is_written_again() {
    change(IntStream.range(0, SIZE / PAGE).filter(page -> page % 2 == 0).toArray());
    ArchiveSummary summary = shelf.addShared("1.inc.tar.zst", tree, "0");

    assertThat(summary.written()).isGreaterThan(SIZE / 10 * 9);
    assertThat(db("1.inc.tar.zst").runs()).isEmpty();
    assertSame("1.inc.tar.zst");
  }

  @Test
  void parts_that_changed_earlier_are_recognised_without_reading_them() {
    changeSome(20);
    shelf.addShared("1", tree, "0");
    change(3);
    shelf.reads.set(0);
    shelf.addShared("2", tree, "1");

    assertThat(shelf.reads.get()).isLessThan(20);
    assertSame("2");
  }

  @Test
  void a_damaged_frame_is_not_referred_to() {
    FrameRef first = db("0").slices().getFirst().frame();
    shelf.objects.put("0", ARCHIVE.clone());
    shelf.bytes("0")[(int) first.offset() + 9] ^= 1;
    change(3);
    shelf.addShared("1", tree, "0");

    assertThat(db("1").slices()).extracting(Slice::frame).doesNotContain(first);
    assertSame("1");
  }

  @Test
  void an_insertion_and_a_change_at_once() {
    byte[] longer = new byte[SIZE + 100];
    change(1300);
    System.arraycopy(content, 0, longer, 100, SIZE);
    tree.get("db").write(longer);
    ArchiveSummary summary = shelf.addShared("1", tree, "0");

    assertThat(summary.written()).isLessThan(6 << 20);
    assertThat(shelf.verify("1").findings()).isEmpty();
    assertThat(shelf.content("1", "db")).isEqualTo(longer);
  }

  private void insert(int at, int length) {
    byte[] before = tree.get("db").content;
    byte[] after = new byte[before.length + length];
    System.arraycopy(before, 0, after, 0, at);
    System.arraycopy(before, at, after, at + length, before.length - at);
    tree.get("db").write(after);
  }

  private void assertStored(String name, int most) {
    assertThat(shelf.bytes(name).length).isLessThan(most);
    assertThat(shelf.verify(name).findings()).isEmpty();
    assertThat(shelf.content(name, "db")).isEqualTo(tree.get("db").content);
    assertConcise(name);
  }

  @Test
  void what_is_inserted_costs_little_more_than_itself() {
    insert(0, 1);
    shelf.addShared("1", tree, "0");
    assertStored("1", 4096);

    insert(SIZE / 2, 1000);
    insert(SIZE / 3, 7);
    shelf.addShared("2", tree, "1");
    assertStored("2", 32 << 10);
  }

  @Test
  void what_is_removed_costs_next_to_nothing() {
    byte[] shorter = new byte[SIZE - 1000];
    System.arraycopy(content, 0, shorter, 0, SIZE / 2);
    System.arraycopy(content, SIZE / 2 + 1000, shorter, SIZE / 2, SIZE / 2 - 1000);
    tree.get("db").write(shorter);
    shelf.addShared("1", tree, "0");

    assertStored("1", 16 << 10);
  }

  @Test
  void a_file_that_grows_or_shrinks_keeps_its_beginning() {
    byte[] longer = Arrays.copyOf(content, SIZE + 50_000);
    tree.get("db").write(longer);
    assertThat(shelf.addShared("1", tree, "0").written()).isLessThan(100_000);
    assertThat(shelf.content("1", "db")).isEqualTo(longer);

    byte[] shorter = Arrays.copyOf(content, SIZE - 50_000);
    tree.get("db").write(shorter);
    assertThat(shelf.addShared("2", tree, "1").written()).isLessThan(4096);
    assertThat(shelf.content("2", "db")).isEqualTo(shorter);
    assertThat(List.of(shelf.verify("1").findings(), shelf.verify("2").findings()))
        .allMatch(List::isEmpty);
  }

  private void record(int night, int... pages) {
    List<Extent> ranges =
        IntStream.of(pages)
            .sorted()
            .distinct()
            .mapToObj(page -> new Extent((long) page * PAGE, PAGE))
            .toList();
    change(pages);
    shelf.addRecorded(
        "" + night, tree, "" + (night - 1), new Changes(TreePath.parse("db"), ranges));
  }

  @Test
  void where_changes_are_recorded_nothing_else_is_read() {
    byte[] right = content.clone();
    // The record of changes is wrong: unrecorded changes are ignored.
    change(1300);
    System.arraycopy(right, 0, content, 0, PAGE * 1000);
    shelf.reads.set(0);
    record(1, 100);
    assertThat(shelf.reads).hasValueLessThan(10);
    System.arraycopy(content, 100 * PAGE, right, 100 * PAGE, PAGE);

    assertThat(shelf.content("1", "db")).isEqualTo(right);
    assertThat(shelf.verify("1").findings()).isEmpty();
    assertThat(shelf.bytes("1")).hasSizeLessThan(16 << 10);
  }

  @Test
  void many_nights_with_records_are_as_good_as_those_without() {
    long written = 0;
    for (int night = 1; night <= 30; night++) {
      record(night, random.ints(6, 0, SIZE / PAGE).toArray());
      written += shelf.bytes("" + night).length;
    }
    assertThat(written).isLessThan(7 << 20);
    assertSame("30");
    assertConcise("30");
    // Nor do recorded archives forget content that the others know.
    assertThat(shelf.addShared("31", tree, "30").written()).isLessThan(4096);
  }

  @Test
  void a_record_of_nothing_stores_nothing() {
    record(1);
    assertThat(shelf.bytes("1")).hasSizeLessThan(4096);
    assertSame("1");
  }

  @Test
  void a_record_of_everything_is_a_full_archive() {
    change(IntStream.range(0, SIZE / PAGE).toArray());
    Changes all = new Changes(TreePath.parse("db"), List.of(new Extent(0, SIZE)));
    shelf.addRecorded("1.inc.tar.zst", tree, "0", all);
    assertSame("1.inc.tar.zst");
  }
}
