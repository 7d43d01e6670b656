package dev.keg.backup.browse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.Shelf;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.NoSuchFile;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FakeTree.FakeFile;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IndexedTreeTest {
  private static final Shelf MANY = new Shelf();

  private final Shelf shelf = new Shelf();
  private final FakeTree files = new FakeTree();

  @BeforeAll
  static void archive_many() {
    FakeTree files = new FakeTree();
    files.directory("a");
    files.directory("big");
    for (int i = 0; i < 100; i++) {
      files.directory("big/%02d".formatted(i));
      for (int j = 0; j < 1000; j++) {
        files.file("big/%02d/%03d".formatted(i, j), new byte[] {(byte) i, (byte) j});
      }
    }
    files.directory("big-sister");
    files.file("z", new byte[] {1});
    MANY.add("full", files);
  }

  private BackupTree open() {
    return open(shelf);
  }

  private static BackupTree open(Shelf shelf) {
    Archive archive = shelf.archive("full");
    return new IndexedTree("db 1", archive, new ArchiveSources(archive, shelf));
  }

  private static List<String> paths(Iterator<BackedFile> files) {
    List<String> paths = new ArrayList<>();
    files.forEachRemaining(file -> paths.add(file.path().toString()));
    return paths;
  }

  @Test
  void one_file_of_100_000_takes_few_reads() throws IOException {
    MANY.reads.set(0);
    try (BackupTree tree = open(MANY);
        InputStream content = Browsing.content(tree, TreePath.parse("big/41/999"))) {
      assertThat(content.readAllBytes()).containsExactly(41, (byte) 999);
    }
    // The end of the archive, a page of the index, a frame.
    assertThat(MANY.reads.get()).isEqualTo(3);
  }

  @Test
  void a_directory_is_listed_without_its_subdirectories_content() {
    MANY.reads.set(0);
    try (BackupTree tree = open(MANY)) {
      assertThat(paths(tree.list(TreePath.ROOT))).containsExactly("a", "big", "big-sister", "z");
      assertThat(MANY.reads.get()).isLessThanOrEqualTo(4);
      assertThat(paths(tree.list(TreePath.parse("big")))).hasSize(100).startsWith("big/00");
      MANY.reads.set(0);
      assertThat(paths(tree.list(TreePath.parse("big/99")))).hasSize(1000).endsWith("big/99/999");
      assertThat(paths(tree.list(TreePath.parse("a")))).isEmpty();
      assertThat(paths(tree.list(TreePath.parse("z")))).isEmpty();
      assertThat(MANY.reads.get()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void a_walk_begins_at_its_directory_and_ends_with_it() {
    try (BackupTree tree = open(MANY)) {
      assertThat(paths(tree.walk(TreePath.parse("big/07")))).hasSize(1001).startsWith("big/07");
      assertThat(paths(tree.walk(TreePath.parse("big")))).hasSize(100_101);
      assertThat(paths(tree.walk(TreePath.parse("z")))).containsExactly("z");
      assertThat(paths(tree.walk(TreePath.parse("nope")))).isEmpty();
      assertThat(paths(tree.walk(TreePath.ROOT))).hasSize(100_105);
    }
  }

  @Test
  void content_has_zeros_where_the_file_has_holes() throws IOException {
    byte[] noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    files.file("large", noise);
    FakeFile sparse = files.file("sparse", new byte[40_000]);
    sparse.content[10_000] = 1;
    sparse.content[39_999] = 2;
    sparse.data = List.of(new Extent(10_000, 5), new Extent(39_990, 10));
    FakeFile hole = files.file("hole", new byte[70_000]);
    hole.data = List.of();
    files.file("empty", new byte[0]);
    files.link("second", "large");
    shelf.add("full", files);

    try (BackupTree tree = open()) {
      for (String path : List.of("large", "sparse", "empty", "hole")) {
        assertThat(content(tree, path)).as(path).isEqualTo(files.get(path).content);
      }
      assertThat(content(tree, "second")).isEqualTo(noise);
    }
  }

  private static byte[] content(BackupTree tree, String path) throws IOException {
    try (InputStream content = Browsing.content(tree, TreePath.parse(path))) {
      return content.readAllBytes();
    }
  }

  @Test
  void what_has_no_content_says_so() {
    files.directory("dir");
    files.symlink("link", "dir");
    shelf.add("full", files);
    try (BackupTree tree = open()) {
      assertThatThrownBy(() -> content(tree, "dir"))
          .isInstanceOf(NoSuchFile.class)
          .hasMessage("db 1: dir: it is a directory, not a file");
      assertThatThrownBy(() -> content(tree, "link"))
          .hasMessage("db 1: link: it is a symlink, not a file");
      assertThatThrownBy(() -> content(tree, "dir/x")).hasMessage("db 1: dir/x: no such file");
    }
  }

  @Test
  void damage_is_reported_when_it_is_reached() {
    byte[] noise = new byte[2 << 20];
    new Random(2).nextBytes(noise);
    files.file("file", noise);
    shelf.add("full", files);
    shelf.bytes("full")[1 << 20] ^= 1;
    try (BackupTree tree = open()) {
      assertThatThrownBy(() -> content(tree, "file")).isInstanceOf(InvalidArchive.class);
    }
  }
}
