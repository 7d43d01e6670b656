package dev.keg.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class TreeDeletionTest {
  /** More directories and files than a single thread deletes. */
  private static final int MANY = 40;

  // JUnit's own clean-up could not delete the files of these tests.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void a_missing_tree_is_not_an_error() throws IOException {
    TreeDeletion.delete(directory.resolve("missing"));
  }

  @Test
  void a_tree_with_longer_paths_than_the_kernel_takes_is_deleted() throws IOException {
    assertDeletes(nest(30, "x".repeat(200)));
  }

  @Test
  void a_tree_deeper_than_a_process_may_open_files_is_deleted() throws IOException {
    assertDeletes(nest(3_000, "d"));
  }

  @Test
  void many_deep_branches_are_deleted() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    for (int branch = 0; branch < 5; branch++) {
      Files.move(nest(200, "d"), tree.resolve("branch" + branch));
    }
    // As a killed deletion leaves it.
    Files.createDirectory(tree.resolve(".keg-deep-0"));

    assertDeletes(tree);
  }

  @Test
  void a_link_is_deleted_and_not_followed() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("file"), "kept");
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), outside);

    assertDeletes(tree);

    assertThat(outside.resolve("file")).hasContent("kept");
  }

  /** Like Windows, where the system has no directory handles. */
  @Test
  void a_tree_is_deleted_without_directory_handles_and_links_are_not_followed() throws IOException {
    Path root = Jimfs.newFileSystem(Configuration.windows()).getPath("C:\\work");
    Path outside = Files.createDirectories(root.resolve("outside"));
    Files.writeString(outside.resolve("file"), "kept");
    Path tree = Files.createDirectories(root.resolve("tree/a/b"));
    Files.writeString(tree.resolve("file"), "x");
    Files.createSymbolicLink(tree.resolve("link"), outside);

    assertDeletes(root.resolve("tree"));

    assertThat(outside.resolve("file")).hasContent("kept");
  }

  @Test
  void only_files_are_reported_with_their_sizes() throws IOException {
    Path windows = Jimfs.newFileSystem(Configuration.windows()).getPath("C:\\work");
    for (Path where : List.of(directory, windows)) {
      Path tree = Files.createDirectories(where.resolve("tree"));
      Files.writeString(tree.resolve("one"), "1");
      Files.writeString(Files.createDirectory(tree.resolve("inner")).resolve("two"), "22");
      Files.createSymbolicLink(tree.resolve("link"), where);
      List<Long> told = new ArrayList<>();

      TreeDeletion.delete(tree, watching((files, bytes) -> told.add(100 * files + bytes)));

      assertThat(told).containsExactlyInAnyOrder(101L, 102L);
    }
  }

  @Test
  void many_files_in_many_directories_are_deleted_and_each_is_reported_once() throws IOException {
    Path outside = Files.writeString(directory.resolve("outside"), "kept");
    Path tree = many(outside);
    CountedWork work = new CountedWork();

    TreeDeletion.delete(tree, work);

    assertThat(tree).doesNotExist();
    assertThat(work.done).hasValue(MANY * MANY);
    assertThat(outside).hasContent("kept");
  }

  @Test
  void many_files_of_which_nobody_hears_are_deleted() throws IOException {
    assertDeletes(many(Files.writeString(directory.resolve("outside"), "kept")));
  }

  /** A failure is reported only after all threads have ended, wherever it occurs. */
  @Test
  void a_failure_among_many_files_is_reported_when_all_threads_have_ended() throws IOException {
    Path tree = many(directory);
    AtomicLong left = new AtomicLong(MANY * MANY / 2);
    WorkListener failing =
        watching(
            (_, _) -> {
              if (left.getAndDecrement() == 0) {
                throw new DirectoryIteratorException(new IOException("the disk is gone"));
              }
            });

    assertThatThrownBy(() -> TreeDeletion.delete(tree, failing)).hasMessage("the disk is gone");

    long then = left.get();
    assertThat(tree).isDirectory();
    assertDeletes(tree);
    assertThat(left).hasValue(then);
  }

  private static WorkListener watching(WorkListener listener) {
    return new WorkListener() {
      @Override
      public boolean isWatched() {
        return true;
      }

      @Override
      public void advanced(long files, long bytes) {
        listener.advanced(files, bytes);
      }
    };
  }

  /** Directories with files of one byte, a link and an empty directory. */
  private Path many(Path linked) throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    for (int i = 0; i < MANY; i++) {
      Path inner = Files.createDirectories(tree.resolve("d" + i % 7 + "/d" + i));
      Files.createSymbolicLink(inner.resolve("link"), linked);
      Files.createDirectory(inner.resolve("empty"));
      for (int j = 0; j < MANY; j++) {
        Files.writeString(inner.resolve("f" + j), "1");
      }
    }
    return tree;
  }

  @Test
  void the_size_to_be_reported_is_that_of_all_files() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("one"), "1");
    Files.writeString(Files.createDirectory(tree.resolve("inner")).resolve("two"), "22");
    Files.createSymbolicLink(tree.resolve("link"), directory);

    assertThat(TreeDeletion.reportedBytes(tree)).isEqualTo(3);
  }

  /** With and without directory handles. */
  @Test
  void a_tree_in_the_directory_of_others_is_deleted() throws IOException {
    for (Path where :
        List.of(directory, Jimfs.newFileSystem(Configuration.windows()).getPath("C:\\work"))) {
      Path tree = where.resolve("tree");
      Files.writeString(Files.createDirectories(tree.resolve("inner")).resolve("file"), "x");

      TreeDeletion.deleteIn(where, tree.getFileName());

      assertThat(tree).doesNotExist();
      assertThat(where).exists();
    }
  }

  @Test
  void a_link_in_the_place_of_a_tree_of_others_is_not_followed() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("file"), "kept");
    Path link = Files.createSymbolicLink(directory.resolve("tree"), outside);

    assertThatThrownBy(() -> TreeDeletion.deleteIn(directory, link.getFileName()))
        .isInstanceOf(IOException.class);

    assertThat(outside.resolve("file")).hasContent("kept");
  }

  @Test
  void a_link_that_replaces_the_tree_while_it_is_opened_is_not_followed() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("file"), "kept");
    Path tree = Files.createDirectory(directory.resolve("tree"));
    BasicFileAttributes met = Files.readAttributes(tree, BasicFileAttributes.class);
    // Moved, not deleted: its number could be given to the next directory.
    Files.move(tree, directory.resolve("moved"));
    Files.createSymbolicLink(tree, outside);

    assertThatThrownBy(() -> TreeDeletion.empty(tree, met, WorkListener.NONE))
        .hasMessage(tree + ": another directory has taken its place meanwhile");

    assertThat(outside.resolve("file")).hasContent("kept");
  }

  private static void assertDeletes(Path tree) throws IOException {
    TreeDeletion.delete(tree);

    assertThat(tree).doesNotExist();
  }

  /** From the inside out, so that no path in between is long. */
  private Path nest(int depth, String name) throws IOException {
    Path inner = Files.createDirectory(directory.resolve("inner"));
    Files.writeString(inner.resolve("file"), "x");
    for (int level = 0; level < depth; level++) {
      Path outer = Files.createDirectory(directory.resolve("outer"));
      Files.move(inner, outer.resolve(name));
      Files.move(outer, inner);
    }
    return inner;
  }
}
