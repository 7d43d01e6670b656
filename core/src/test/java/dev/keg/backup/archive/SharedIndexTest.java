package dev.keg.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.VolumeException;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FakeTree.FakeFile;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Archives of version 2 refer to equal content of earlier ones. */
class SharedIndexTest {
  /** In each of eight directories, so that there are many pages. */
  private static final int FILES = 600;

  private final Shelf shelf = new Shelf();
  private final FakeTree tree = new FakeTree();

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void manyFiles() {
    addManyFiles(tree);
  }

  private static void addManyFiles(FakeTree tree) {
    for (int d = 0; d < 8; d++) {
      tree.directory("d" + d);
      for (int i = 0; i < FILES; i++) {
        tree.file("d%d/f%03d".formatted(d, i), random(1000 * d + i, 100));
      }
    }
    tree.symlink("l", "d0");
    tree.link("z", "d0/f000");
    tree.add("p", Stat.Type.FIFO);
  }

  /** The archive of these alone, created once for all tests. */
  private static final byte[] FULL = full();

  private static byte[] full() {
    FakeTree tree = new FakeTree();
    addManyFiles(tree);
    Shelf shelf = new Shelf();
    shelf.addShared("full", tree);
    return shelf.bytes("full");
  }

  private void manyFilesInFull() {
    manyFiles();
    shelf.objects.put("full", FULL.clone());
  }

  private void assertSame(String name) {
    assertThat(shelf.verify(name).findings()).isEmpty();
    assertThat(shelf.verifyQuickly(name).findings()).isEmpty();
    List<IndexedEntry> entries = shelf.entries(name);
    assertThat(entries).hasSameSizeAs(tree.files().keySet());
    List<String> some =
        tree.files().entrySet().stream()
            .filter(each -> each.getValue().type == Stat.Type.REGULAR)
            .filter(each -> each.getValue().links == 1 && each.getValue().inode % 397 == 0)
            .map(each -> each.getKey().toString())
            .sorted()
            .toList();
    List<byte[]> contents = shelf.contents(name, some);
    for (int i = 0; i < some.size(); i++) {
      assertThat(contents.get(i)).as(some.get(i)).isEqualTo(tree.get(some.get(i)).content);
    }
  }

  private List<IndexRoot.Page> pages(String name) {
    try (Archive archive = shelf.archive(name)) {
      return archive.root().pages();
    }
  }

  private long pagesOf(String name, String object) {
    return pages(name).stream().filter(page -> page.object().equals(object)).count();
  }

  @Test
  void a_full_archive_is_a_plain_tar_stream_as_ever() {
    manyFiles();
    shelf.addShared("full", tree);

    assertThat(pages("full")).hasSizeGreaterThan(10);
    assertSame("full");
  }

  @Test
  void when_nothing_changed_nothing_is_written() {
    manyFilesInFull();
    ArchiveSummary summary = shelf.addShared("same", tree, "full");

    assertThat(summary.written()).isZero();
    assertThat(shelf.bytes("same")).isEmpty();
    assertThat(summary.totals().files()).isEqualTo(8 * FILES);
  }

  /** As on a tmpfs, where all files are read again. */
  @Test
  void empty_files_that_are_read_again_are_not_written_again() {
    for (int i = 0; i < 10; i++) {
      tree.file("empty" + i, new byte[0]).changed = Shelf.NOW;
    }
    shelf.addShared("full", tree);

    assertThat(shelf.addShared("same", tree, "full").written()).isZero();

    String next = "next" + Archive.PARTIAL;
    tree.get("empty3").mode = 0600;
    assertThat(shelf.addShared(next, tree, "full").written()).isPositive();
    assertSame(next);
    assertThat(shelf.entries(next))
        .filteredOn(entry -> entry.entry().path().toString().equals("empty3"))
        .allMatch(entry -> entry.entry().attributes().mode() == 0600)
        .hasSize(1);
  }

  @Test
  void a_new_file_changes_one_page() {
    manyFilesInFull();
    tree.file("d3/f500-new", random(9, 100));
    ArchiveSummary summary = shelf.addShared("next", tree, "full");

    assertThat(pagesOf("next", "next")).isEqualTo(1);
    assertThat(pagesOf("next", "full")).isEqualTo(pages("full").size() - 1);
    assertThat(summary.written()).isLessThan(200_000);
    assertSame("next");
  }

  @Test
  void pages_are_shared_along_a_chain() {
    manyFiles();
    shelf.addShared("1", tree);
    tree.file("d0/f500-new", random(9, 100));
    shelf.addShared("2", tree, "1");
    tree.file("d7/f500-new", random(10, 100));
    shelf.addShared("3", tree, "2");
    tree.remove("d4/f007");
    shelf.addShared("4", tree, "3");

    try (Archive archive = shelf.archive("4")) {
      assertThat(archive.objects()).containsExactlyInAnyOrder("1", "2", "3");
    }
    assertThat(pagesOf("4", "2")).isEqualTo(1);
    assertThat(pagesOf("4", "3")).isEqualTo(1);
    assertSame("4");
    assertThat(shelf.addShared("5", tree, "4").written()).isZero();
  }

  @Test
  void a_file_that_moved_or_got_another_owner_is_not_written_again() {
    manyFiles();
    byte[] large = random(77, 9 << 20);
    FakeFile moving = tree.file("large", large);
    shelf.addShared("full", tree);
    tree.remove("large");
    tree.file("d2/moved", large);
    for (int i = 0; i < FILES; i++) {
      FakeFile file = tree.get("d1/f%03d".formatted(i));
      tree.remove("d1/f%03d".formatted(i));
      tree.file("d1/renamed%03d".formatted(i), file.content).mode = 0600;
    }
    ArchiveSummary summary = shelf.addShared("next", tree, "full");

    assertThat(moving.content).isEqualTo(large);
    assertThat(summary.written()).isLessThan(90_000);
    assertSame("next");
  }

  /** The memory of known content is limited, and there may be more files. */
  @Test
  void a_file_of_another_owner_is_not_written_again_however_many_there_are() {
    manyFilesInFull();
    for (int i = 0; i < FILES; i++) {
      FakeFile file = tree.get("d1/f%03d".formatted(i));
      file.mode = 0600;
      file.changed = file.changed.plusSeconds(1);
    }
    FakeFile other = tree.get("d2/f000");
    other.content = random(4711, other.content.length);
    other.changed = other.changed.plusSeconds(1);
    ArchiveSummary summary = shelf.addUnsearched("next", tree, "full");

    assertThat(summary.written()).isBetween((long) other.content.length, 48_000L);
    assertSame("next");
  }

  @Test
  void a_large_directory_under_another_name_costs_next_to_nothing_and_its_files_are_not_read() {
    manyFiles();
    for (int i = 0; i < 20_000; i++) {
      tree.file("d5/big/%d/f%05d".formatted(i / 50, i), random(i, 40));
    }
    for (int i = 0; i < 400; i++) {
      tree.directory("d5/big/" + i);
    }
    tree.directory("d5/big");
    tree.link("d5/big/7/link", "d5/big/7/f00351");
    tree.link("d5/big/8/link", "d0/f001");
    shelf.addShared("full", tree);
    int opened = tree.opened().size();
    tree.rename("d5", "e");
    ArchiveSummary summary = shelf.addShared("next", tree, "full");

    assertThat(pages("next").size() - pagesOf("next", "full")).isLessThan(6);
    assertThat(summary.written()).isLessThan(30_000);
    assertThat(tree.opened().size() - opened).isZero();
    assertSame("next");
    assertThat(shelf.entries("next"))
        .extracting(entry -> entry.entry().kind())
        .contains(
            new HardLink(TreePath.parse("e/big/7/f00351")),
            new HardLink(TreePath.parse("d0/f001")));
    assertThat(shelf.addShared("same", tree, "next").written()).isZero();
    tree.rename("e", "d5");
    tree.rename("d5/big", "d2/big");
    shelf.addShared("back", tree, "next");
    assertSame("back");
  }

  @Test
  void another_tree_shares_content_of_earlier_archives() {
    manyFilesInFull();
    Shelf none = new Shelf();
    long alone = none.addShared("alone", tree).written();

    // no previous archive: only content to refer to
    tree.file("other", random(5, 1000));
    ArchiveSummary summary = shelf.addSibling("sibling.inc.tar.zst", tree, "full");
    assertThat(summary.written()).isLessThan(alone / 2);
    assertSame("sibling.inc.tar.zst");
  }

  @Test
  void damage_to_a_page_or_object_is_found_in_its_place() {
    manyFilesInFull();
    tree.file("d3/f500-new", random(9, 100));
    shelf.addShared("next", tree, "full");
    IndexRoot.Page shared =
        pages("next").stream()
            .filter(page -> page.object().equals("full"))
            .findFirst()
            .orElseThrow();
    shelf.bytes("full")[(int) shared.offset() + 20] ^= 1;

    assertThat(shelf.verifyQuickly("next").findings()).isNotEmpty();
    assertThatThrownBy(() -> shelf.entries("next")).isInstanceOf(InvalidArchive.class);
    shelf.objects.remove("full");
    assertThatThrownBy(() -> shelf.entries("next")).isInstanceOf(VolumeException.class);
  }

  @Test
  void what_is_scattered_over_many_archives_stays_if_it_is_much_or_they_are_not_too_many() {
    manyFiles();
    shelf.addShared("0", tree);
    for (int i = 1; i < 12; i++) {
      tree.file("d%d/f5%02d".formatted(i % 7, i), random(-i, 20_000 + i));
      shelf.addShared("" + i, tree, "" + (i - 1));
    }

    assertThat(shelf.addConcise("same", tree, "11", 3).written()).isZero();
    shelf.addConcise("next", tree, "11", 2);

    try (Archive archive = shelf.archive("next")) {
      assertThat(archive.objects())
          .as("but for the content of the four too many, and of four more")
          .contains("0", "9", "10", "11")
          .doesNotContain("1", "2", "3", "4", "5", "6", "7");
    }
    assertSame("next");
  }

  @Test
  void what_is_scattered_over_many_archives_is_gathered() {
    manyFiles();
    shelf.addShared("0", tree);
    for (int i = 1; i < 8; i++) {
      tree.file("d%d/f500".formatted(i), random(-i, 300 * i));
      shelf.addShared("" + i, tree, "" + (i - 1));
    }
    ArchiveSummary same = shelf.addConcise("same", tree, "7", 7);
    ArchiveSummary summary = shelf.addConcise("next", tree, "7", 6);

    assertThat(same.written()).isZero();
    assertThat(summary.rewritten()).isZero();
    try (Archive archive = shelf.archive("next")) {
      assertThat(archive.objects())
          .as("but for those of which least is used: the one too many, and four more")
          .containsExactlyInAnyOrder("0", "6", "7");
    }
    assertSame("next");
  }

  @Test
  void adjacent_pages_are_read_at_once() {
    manyFilesInFull();
    shelf.reads.set(0);
    assertThat(shelf.entries("full")).hasSize(8 * FILES + 12);

    assertThat(pages("full")).hasSizeGreaterThan(5);
    assertThat(shelf.reads.get()).isLessThan(6);
  }

  @Test
  void no_byte_of_an_archive_changes_unseen() {
    tree.directory("d");
    tree.file("d/a", random(1, 100));
    shelf.addShared("full", tree);
    tree.file("d/b", random(3, 100));
    shelf.addShared("next", tree, "full");
    byte[] bytes = shelf.bytes("next");
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= 4;
      assertThat(isSound("next")).as("byte %d", i).isFalse();
      bytes[i] ^= 4;
    }
    assertThat(isSound("next")).isTrue();
  }

  private boolean isSound(String name) {
    try {
      return shelf.verify(name).sound();
    } catch (VolumeException _) {
      return false;
    }
  }
}
