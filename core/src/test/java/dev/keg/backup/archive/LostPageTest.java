package dev.keg.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.FakeTree;
import dev.keg.tree.TreePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An index page that later archives refer to is damaged: the other pages remain readable. */
class LostPageTest {
  private final Shelf shelf = new Shelf();
  private final FakeTree tree = new FakeTree();
  private IndexRoot.Page shared;

  /** Three pages, of which the archive {@code next} takes all but the first from {@code full}. */
  @BeforeEach
  void make_archives_that_share_a_page() {
    for (String directory : List.of("a", "b", "c/inner")) {
      String parent = "";
      for (String name : directory.split("/", -1)) {
        parent += name;
        tree.directory(parent);
        parent += "/";
      }
      for (int i = 0; i < (directory.startsWith("c") ? 5 : 62); i++) {
        tree.file("%s/f%03d".formatted(directory, i), random(directory.hashCode() + i));
      }
      if (!directory.startsWith("c")) {
        tree.file(lastOfPage(directory), "end".getBytes(StandardCharsets.UTF_8));
      }
    }
    shelf.addShared("full", tree);
    tree.file("a/f000", random(-1));
    shelf.addShared("next", tree, "full");
    assertThat(pages("next").stream().map(IndexRoot.Page::object))
        .containsExactly("next", "full", "full");
    shared = pages("next").get(1);
  }

  private List<IndexRoot.Page> pages(String name) {
    try (Archive archive = shelf.archive(name)) {
      return archive.root().pages();
    }
  }

  private static byte[] random(int seed) {
    byte[] bytes = new byte[100];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** The name of a file that ends a page. */
  private static String lastOfPage(String directory) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> directory + "/z" + i)
        .filter(LostPageTest::isCut)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isCut(String path) {
    CRC32C crc = new CRC32C();
    crc.update(path.substring(path.indexOf('/') + 1).getBytes(StandardCharsets.UTF_8));
    crc.update(FakeTree.LONG_AGO.toString().getBytes(StandardCharsets.US_ASCII));
    return (crc.getValue() & 0xFF) == 0;
  }

  private List<String> paths(String name, List<LostPage> lost) {
    try (Archive archive = shelf.archive(name)) {
      List<String> paths = new ArrayList<>();
      archive
          .entries(lost::add)
          .forEachRemaining(entry -> paths.add(entry.entry().path().toString()));
      return paths;
    }
  }

  @Test
  void damage_to_each_byte_is_noticed_costs_only_its_own_files_and_is_repaired() {
    byte[] full = shelf.bytes("full");
    IndexRoot.Page last = pages("next").get(2);
    List<String> all = paths("next", new ArrayList<>());
    List<String> rest = all.stream().filter(path -> !path.startsWith("c")).toList();
    for (int i = 0; i < last.stored(); i++) {
      full[(int) last.offset() + i] ^= 4;
      List<LostPage> lost = new ArrayList<>();

      assertThat(paths("next", lost)).as("byte %d", i).isEqualTo(rest);
      assertThat(lost).as("byte %d", i).singleElement().matches(page -> page.place().equals(last));
      Verification.Result found = shelf.verifyQuickly("next");
      assertThat(found.pages()).as("byte %d", i).containsExactly(last);
      assertThat(found.located()).isTrue();
      assertThat(found.findings()).singleElement().asString().endsWith("from c on are lost");
      if (i % 32 == 0) {
        assertThat(shelf.addShared("healed", tree, "next").written()).isPositive();
        assertThat(shelf.verify("healed").sound()).as("byte %d", i).isTrue();
        assertThat(paths("healed", lost)).isEqualTo(all);
      }
      full[(int) last.offset() + i] ^= 4;
    }
    assertThat(shelf.verify("next").sound()).isTrue();
  }

  @Test
  void its_head_matters_to_tar_alone() {
    byte[] full = shelf.bytes("full");
    for (int i = 1; i <= Skippable.HEAD; i++) {
      full[(int) shared.offset() - i] ^= 4;
      assertThat(shelf.verify("full").pages()).as("byte -%d", i).containsExactly(shared);
      assertThat(shelf.verify("full").located()).isTrue();
      assertThat(shelf.verify("next").sound()).isTrue();
      full[(int) shared.offset() - i] ^= 4;
    }
  }

  @Test
  void the_archive_that_it_is_in_can_be_read_without_it_as_well() {
    shelf.bytes("full")[(int) shared.offset() + 20] ^= 4;
    Verification.Result found = shelf.verify("full");

    assertThat(found.pages()).containsExactly(shared);
    assertThat(found.located()).isTrue();
    assertThat(paths("full", new ArrayList<>())).hasSize(1 + 64 + 7);
  }

  @Test
  void what_ends_too_early_costs_only_what_is_behind() {
    byte[] full = shelf.bytes("full");
    byte[] cut = new byte[(int) shared.end()];
    System.arraycopy(full, 0, cut, 0, cut.length);
    shelf.objects.put("full", cut);
    List<LostPage> lost = new ArrayList<>();

    assertThat(paths("next", lost)).hasSize(1 + 64 + 64);
    assertThat(lost).hasSize(1);
  }

  @Test
  void it_knows_which_paths_and_directories_are_lost() {
    try (Archive archive = shelf.archive("next")) {
      IndexRoot.Page last = archive.root().pages().get(2);
      LostPage page = LostPage.of(last, Optional.of(TreePath.parse("c/inner/x/y")), "");

      assertThat(page.has(TreePath.parse("c/inner/f001"))).isTrue();
      assertThat(page.has(TreePath.parse("c/inner/x/y"))).isFalse();
      assertThat(page.has(TreePath.parse("b/f001"))).isFalse();
      assertThat(page.directories())
          .isEqualTo(Stream.of("c", "c/inner", "c/inner/x").map(TreePath::parse).toList());
    }
  }

  @Test
  void a_reader_that_needs_all_of_it_fails() {
    shelf.bytes("full")[(int) shared.offset() + 20] ^= 4;
    try (Archive archive = shelf.archive("next")) {
      assertThatThrownBy(() -> archive.find(TreePath.parse("b/f001")))
          .isInstanceOf(InvalidArchive.class)
          .hasMessageContaining("full: in its index: the page at byte " + shared.offset());
      assertThat(archive.find(TreePath.parse("c/inner/f001")).map(IndexedEntry::entry)).isPresent();
    }
    assertThatThrownBy(() -> shelf.entries("next")).isInstanceOf(InvalidArchive.class);
  }
}
