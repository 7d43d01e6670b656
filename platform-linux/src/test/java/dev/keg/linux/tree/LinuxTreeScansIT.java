package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import dev.keg.usage.Room;
import dev.keg.usage.TreeMeter;
import dev.keg.usage.TreeMeter.Measured;
import dev.keg.usage.TreeScan;
import dev.keg.usage.TreeUsage;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The size of a tree equals that of du(1), now and after every kind of change. */
@NeedsTool(value = "du", from = "coreutils")
class LinuxTreeScansIT {
  private static final String LONG = "n".repeat(200);

  @TempDir Path tree;

  @BeforeEach
  void a_tree_of_all_kinds() throws Exception {
    Path below = Files.createDirectories(tree.resolve("a/b"));
    Files.write(tree.resolve("file"), new byte[100_000]);
    Files.write(below.resolve("other"), new byte[10]);
    Files.createLink(below.resolve("again"), tree.resolve("file"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("a"));
    Files.createSymbolicLink(tree.resolve("long"), Path.of("../" + LONG));
    Files.createDirectory(tree.resolve("empty"));
    run("mkfifo", tree.resolve("pipe").toString());
    run("truncate", "-s", "1G", tree.resolve("sparse").toString());
    Path deep = tree;
    for (int i = 0; i < 15; i++) {
      deep = Files.createDirectory(deep.resolve(LONG));
    }
    Files.write(deep.resolve("at the bottom"), new byte[5000]);
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  private long du() throws IOException {
    Process process =
        new ProcessBuilder("du", "-s", "-x", "--block-size=1", tree.toString()).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Long.parseLong(text.substring(0, text.indexOf('\t')));
  }

  private Measured measure() {
    try (TreeMeter meter = new TreeMeter(new LinuxTreeScans(), TreeScan.Listener.NONE)) {
      return meter.start(tree, Optional.empty()).join().orElseThrow();
    }
  }

  private void requireDus() throws IOException {
    TreeUsage together = measure().tree();

    assertThat(together.allocated()).contains(new Size(du()));
    assertThat(TreeMeter.measure(new LinuxTreeScans(), tree)).isEqualTo(together);
  }

  @Test
  void counts_as_du_does_and_sizes_as_docker_does() throws IOException {
    requireDus();

    TreeUsage usage = measure().tree();
    assertThat(usage.size().bytes())
        .isEqualTo(100_000 + 10 + 1 + ("../" + LONG).length() + (1L << 30) + 5000);
    assertThat(usage.files()).isEqualTo(7);
    assertThat(usage.directories()).isEqualTo(4 + 15);
  }

  /** A change to a tree. */
  private interface Change {
    void in(Path tree) throws Exception;
  }

  static Stream<Named<Change>> changes() {
    return Stream.of(
        change("a file grows in place", tree -> write(tree.resolve("file"), 100_000, 70_000)),
        change("a file shrinks", tree -> run("truncate", "-s", "1", tree + "/file")),
        change("a hole gets blocks", tree -> write(tree.resolve("sparse"), 1 << 20, 70_000)),
        change(
            "blocks become a hole", tree -> run("fallocate", "-p", "-l", "90000", tree + "/file")),
        change("a file comes", tree -> Files.write(tree.resolve("a/b/new"), new byte[9000])),
        change("a file goes", tree -> Files.delete(tree.resolve("pipe"))),
        change(
            "a file is renamed over another",
            tree -> run("mv", tree + "/file", tree + "/a/b/other")),
        change("a directory comes", tree -> Files.createDirectory(tree.resolve("empty/new"))),
        change("a directory goes", tree -> Files.delete(tree.resolve("empty"))),
        change("a link changes", tree -> run("ln", "-sfn", "elsewhere", tree + "/link")),
        change("a second name goes", tree -> Files.delete(tree.resolve("a/b/again"))),
        change(
            "a file below the deepest grows",
            tree ->
                run(
                    "find",
                    tree.toString(),
                    "-name",
                    "at*",
                    "-exec",
                    "truncate",
                    "-s",
                    "+7000",
                    "{}",
                    ";")));
  }

  private static Named<Change> change(String what, Change change) {
    return Named.of(what, change);
  }

  private static void write(Path file, long at, int bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(bytes), at);
    }
  }

  @ParameterizedTest
  @MethodSource("changes")
  void every_change_is_seen(Change change) throws Exception {
    requireDus();

    change.in(tree);

    requireDus();
  }

  @Test
  @NeedsRoot
  void what_is_mounted_inside_does_not_count() throws Exception {
    TreeUsage before = measure().tree();
    Path inside = tree.resolve("empty");
    run("mount", "-t", "tmpfs", "tmpfs", inside.toString());
    try {
      Files.write(inside.resolve("elsewhere"), new byte[100_000]);

      assertThat(measure().tree().size()).isEqualTo(before.size());
      assertThat(measure().tree().directories()).isEqualTo(before.directories() - 1);
    } finally {
      run("umount", inside.toString());
    }
  }

  /** As if it were mounted after the parent directory was read. */
  @Test
  @NeedsRoot
  void what_is_mounted_meanwhile_does_not_count() throws Exception {
    Path inside = tree.resolve("empty");
    Files.createDirectory(inside.resolve("below"));
    run("mount", "-t", "tmpfs", "tmpfs", inside.toString());
    try (TreeScan scan = new LinuxTreeScans().open(tree).orElseThrow()) {
      Files.createDirectory(inside.resolve("below"));
      TreePath empty = TreePath.ROOT.child(ByteString.utf8("empty"));
      for (TreePath path : List.of(empty, empty.child(ByteString.utf8("below")))) {
        List<String> told = new ArrayList<>();
        scan.scan(path, telling(told));
        assertThat(told).containsExactly("a mount");
      }
    } finally {
      run("umount", inside.toString());
    }
  }

  private static TreeScan.Visitor telling(List<String> told) {
    return new TreeScan.Visitor() {
      @Override
      public void file(@Nullable Object identity, long size, long occupied) {
        told.add("a file");
      }

      @Override
      public void directory(ByteString name, long occupied) {
        told.add(name.toString());
      }

      @Override
      public void mountPoint() {
        told.add("a mount");
      }
    };
  }

  @Test
  void the_room_is_that_of_its_file_system() throws IOException {
    Room room = measure().room().orElseThrow();

    assertThat(room.total().bytes()).isEqualTo(Files.getFileStore(tree).getTotalSpace());
    assertThat(room.available()).isLessThanOrEqualTo(room.free());
  }

  @Test
  void a_file_is_not_a_tree() {
    assertThat(new LinuxTreeScans().open(tree.resolve("file"))).isEmpty();
    assertThat(new LinuxTreeScans().open(tree.resolve("nothing"))).isEmpty();
  }

  @Test
  void one_whose_way_is_a_circle_fails() throws IOException {
    Path circle = Files.createSymbolicLink(tree.resolve("circle"), Path.of("circle"));

    assertThatThrownBy(() -> new LinuxTreeScans().open(circle))
        .isInstanceOf(FileFailure.class)
        .hasMessageEndingWith("circle: too many levels of symbolic links");
  }
}
