package dev.keg.windows.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.windows.win32.FakeWindows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that grow and shrink while a walk goes from a directory to its files. */
final class ShownStreamsTest {
  private static final TreePath TABLE = TreePath.ROOT.child(ByteString.utf8("table"));
  private static final TreePath SUB = TreePath.ROOT.child(ByteString.utf8("sub"));
  private static final ByteString NOTE = ByteString.utf8("user.note");
  private static final ByteString AS_FILE = ByteString.utf8("table:note:$DATA");
  private static final ByteString OF_DIRECTORY = ByteString.utf8(":note:$DATA");
  private static final int LARGE = (int) TreeStreams.LARGEST + 1;

  private FakeWindows windows;
  private Path table;
  private Path sub;
  private FileTree tree;

  @BeforeEach
  void makeTree(@TempDir Path dir) throws IOException {
    windows = new FakeWindows(Files.createDirectory(dir.resolve("contents")));
    Path root = Files.createDirectory(dir.resolve("data"));
    table = Files.writeString(root.resolve("table"), "rows");
    sub = Files.createDirectory(root.resolve("sub"));
    Files.createDirectory(sub.resolve("below"));
    tree = new WindowsFileTrees(() -> windows).read(root);
  }

  @AfterEach
  void close() {
    tree.close();
  }

  private void put(Path file, int size) {
    windows.files().put(file, "note", new byte[size]);
  }

  private void walkElsewhere() {
    assertThat(tree.stat(SUB)).isPresent();
    assertThat(tree.names(SUB)).hasSize(1);
    assertThat(tree.names(SUB.child(ByteString.utf8("below")))).isEmpty();
  }

  @Test
  void one_that_grows_before_its_file_is_read_is_an_attribute_still() {
    put(table, 1);
    assertThat(tree.names(TreePath.ROOT)).doesNotContain(AS_FILE);
    walkElsewhere();
    put(table, LARGE);

    try (OpenFile open = tree.open(TABLE).orElseThrow()) {
      assertThat(open.xattrs().get(NOTE).orElseThrow().length()).isEqualTo(LARGE);
      assertChanges(open);
    }
    assertThat(tree.names(TreePath.ROOT)).contains(AS_FILE);
    try (OpenFile open = tree.open(TABLE).orElseThrow()) {
      assertThat(open.xattrs().get(NOTE)).isEmpty();
      assertThat(open.stat().isUnchangedSince(tree.stat(TABLE).orElseThrow())).isTrue();
    }
  }

  @Test
  void one_that_is_made_large_before_its_file_is_read_is_an_attribute() {
    assertThat(tree.names(TreePath.ROOT)).doesNotContain(AS_FILE);
    put(table, LARGE);

    try (OpenFile open = tree.open(TABLE).orElseThrow()) {
      assertThat(open.xattrs().get(NOTE)).isPresent();
      assertChanges(open);
    }
  }

  @Test
  void one_that_shrinks_before_its_file_is_read_is_a_file_still() {
    put(table, LARGE);
    assertThat(tree.names(TreePath.ROOT)).contains(AS_FILE);
    walkElsewhere();
    put(table, 1);

    try (OpenFile open = tree.open(TABLE).orElseThrow()) {
      assertThat(open.xattrs().get(NOTE)).isEmpty();
      assertChanges(open);
    }
    assertThat(tree.stat(TreePath.ROOT.child(AS_FILE)).orElseThrow().size()).isEqualTo(1);
  }

  /** A walk may be ahead of what reads the files. */
  @Test
  void one_that_grows_after_the_walk_left_its_directory_is_an_attribute_still() throws IOException {
    Path row = Files.writeString(sub.resolve("row"), "1");
    put(row, 1);
    assertThat(tree.names(SUB)).hasSize(2);
    assertThat(tree.names(TreePath.ROOT)).isNotEmpty();
    put(row, LARGE);

    try (OpenFile open = tree.open(SUB.child(ByteString.utf8("row"))).orElseThrow()) {
      assertThat(open.xattrs().get(NOTE)).isPresent();
      assertChanges(open);
    }
  }

  @Test
  void a_directory_that_is_read_after_its_files_were_met_is_as_it_was_listed() {
    put(sub, 1);
    assertThat(tree.stat(SUB)).isPresent();
    assertThat(tree.names(SUB)).doesNotContain(OF_DIRECTORY);
    assertThat(tree.stat(SUB.child(ByteString.utf8("below")))).isPresent();
    put(sub, LARGE);

    assertThat(tree.xattrs(SUB).get(NOTE)).isPresent();
  }

  /** A backup therefore reports the change, and saves the stream again the next time. */
  private static void assertChanges(OpenFile open) {
    Stat before = open.stat();
    assertThat(open.stat().isUnchangedSince(before)).isFalse();
  }

  @Test
  void one_that_grows_beyond_what_an_attribute_may_have_is_reported() {
    put(table, 1);
    assertThat(tree.names(TreePath.ROOT)).doesNotContain(AS_FILE);
    put(table, (int) TreeStreams.LARGEST_TOGETHER + 1);

    try (OpenFile open = tree.open(TABLE).orElseThrow()) {
      assertThatThrownBy(open::xattrs)
          .isInstanceOf(FileFailure.class)
          .hasMessageEndingWith("table: its alternate data streams grew while it was saved");
    }
  }

  @Test
  void two_looks_at_a_directory_one_after_the_other_are_one() {
    put(sub, 1);
    assertThat(tree.xattrs(SUB).get(NOTE)).isPresent();
    put(sub, LARGE);
    assertThat(tree.names(SUB)).doesNotContain(OF_DIRECTORY);

    assertThat(tree.stat(SUB)).isPresent();
    assertThat(tree.names(SUB)).contains(OF_DIRECTORY);
    put(sub, 1);
    assertThat(tree.xattrs(SUB).get(NOTE)).isEmpty();

    assertThat(tree.stat(SUB)).isPresent();
    assertThat(tree.xattrs(SUB).get(NOTE)).isPresent();
  }
}
