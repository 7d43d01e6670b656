package dev.keg.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TreeCopyTest {
  private final FileTrees trees = new PortableFileTrees();
  private final Path root = Jimfs.newFileSystem(Configuration.unix()).getPath("/").toAbsolutePath();
  private final Path target = root.resolve("target");

  @BeforeEach
  void make() throws IOException {
    Files.createDirectories(root.resolve("source/dir"));
    Files.writeString(root.resolve("source/dir/file"), "1");
    Files.createDirectory(target);
  }

  private void copy() {
    try (FileTree from = trees.read(root.resolve("source"));
        TreeWriter to = trees.write(target, (_, _, _) -> {})) {
      new TreeCopy(from, to).file(TreePath.parse("dir"), TreePath.parse("other"));
    }
  }

  @Test
  void a_part_of_a_tree_is_copied_under_another_name() {
    copy();
    assertThat(target.resolve("other/file")).hasContent("1");
  }

  @Test
  void what_has_vanished_is_reported() {
    FakeTree from = new FakeTree();
    from.file("a", new byte[] {1}).gone = true;
    from.file("b", new byte[] {2});
    List<String> notes = new ArrayList<>();
    try (TreeWriter to = trees.write(target, (_, _, _) -> {})) {
      TreeCopy.Mounts mounts = TreeCopy.Mounts.COPIED;
      new TreeCopy(from, to, mounts, (path, note, _) -> notes.add(note + " " + path)).run();
    }
    assertThat(notes).containsExactly("VANISHED a");
    assertThat(target.resolve("b")).exists();
  }

  @Test
  void what_is_mounted_in_the_tree_is_left_out_and_reported() {
    FakeTree from = new FakeTree();
    from.add("mnt", Stat.Type.DIRECTORY).mountPoint = true;
    List<String> notes = new ArrayList<>();
    try (TreeWriter to = trees.write(target, (_, _, _) -> {})) {
      TreeCopy.Mounts mounts = TreeCopy.Mounts.LEFT_OUT;
      new TreeCopy(from, to, mounts, (path, note, _) -> notes.add(note + " " + path)).run();
    }
    assertThat(notes).containsExactly("MOUNT_POINT mnt");
    assertThat(target.resolve("mnt")).doesNotExist();
  }

  private static final int MANY = 500;

  @Test
  void many_files_are_all_copied_and_directories_keep_their_times() throws IOException {
    FileTime time = FileTime.from(Instant.parse("2020-01-02T03:04:05Z"));
    for (int i = 0; i < MANY; i++) {
      Path directory = Files.createDirectories(root.resolve("source/dir/" + i % 7));
      Files.writeString(directory.resolve("file" + i), "content " + i);
      Files.setLastModifiedTime(directory, time);
    }
    copy();
    for (int i = 0; i < MANY; i++) {
      assertThat(target.resolve("other/" + i % 7 + "/file" + i)).hasContent("content " + i);
    }
    assertThat(Files.getLastModifiedTime(target.resolve("other/3"))).isEqualTo(time);
  }

  @Test
  void of_many_directories_all_get_their_files_and_times() throws IOException {
    FakeTree from = new FakeTree();
    int directories = 10_100;
    for (int i = 0; i < directories; i++) {
      from.directory("dir%05d".formatted(i));
      from.file("dir%05d/file".formatted(i), new byte[] {1});
    }
    try (TreeWriter to = trees.write(target, (_, _, _) -> {})) {
      new TreeCopy(from, to).run();
    }
    Instant time = from.get("dir00000").stat().modified();
    for (int i = 0; i < directories; i += 99) {
      Path directory = target.resolve("dir%05d".formatted(i));
      assertThat(directory.resolve("file")).isNotEmptyFile();
      assertThat(Files.getLastModifiedTime(directory)).isEqualTo(FileTime.from(time));
    }
  }

  @Test
  void one_file_that_cannot_be_read_fails_the_copy_of_many() {
    FakeTree from = new FakeTree();
    for (int i = 0; i < MANY; i++) {
      from.file("file%04d".formatted(i), new byte[] {1});
    }
    from.get("file0400").onRead =
        () -> {
          throw new IllegalStateException("broken");
        };
    try (TreeWriter to = trees.write(target, (_, _, _) -> {})) {
      TreeCopy copy = new TreeCopy(from, to);
      assertThatThrownBy(copy::run).hasMessage("broken");
    }
  }

  @Test
  void a_copy_that_is_interrupted_while_its_threads_work_can_be_cleared_up() {
    Thread copying = Thread.currentThread();
    FakeTree from = new FakeTree();
    for (int i = 0; i < MANY; i++) {
      from.file("file%04d".formatted(i), new byte[] {1});
    }
    from.get("file0499").onRead =
        () -> {
          // On one processor there are no other threads.
          while (Thread.currentThread() != copying && copying.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          copying.interrupt();
          // Otherwise the copy may be complete before the interruption arrives.
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
        };
    try (TreeWriter to = trees.write(target, (_, _, _) -> {})) {
      assertThatThrownBy(new TreeCopy(from, to)::run).isInstanceOf(CancellationException.class);
    }
    assertThat(Thread.interrupted()).as("what clears up is interrupted as well").isFalse();
  }

  @Test
  void an_interruption_ends_a_copy() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(this::copy).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).as("what clears up is interrupted as well").isFalse();
    assertThat(target.resolve("other/file")).doesNotExist();
  }
}
