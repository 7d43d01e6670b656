package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.copying.CopiedFiles;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.DirectoryEntries;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.tree.TortureTree;
import dev.keg.fixtures.tree.TreeDump;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.NewFile;
import dev.keg.tree.Stage;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies in a stage, by the kernel's own calls. */
@NeedsRoot
class CopiedTreesIT {
  private static final ByteString STAGE = ByteString.utf8("stage");
  private static final int ROUNDS = 2000;

  @TempDir Path scratch;
  private final FileTrees trees = new LinuxFileTrees();
  private final List<String> losses = new ArrayList<>();

  private Path directory(String name) throws IOException {
    return Files.createDirectories(scratch.resolve(name));
  }

  private Stage stage(Path root) {
    return trees.stage(root, STAGE, (path, what, why) -> losses.add(path + " " + what));
  }

  private void copy(Path from, Path to) {
    try (FileTree source = trees.read(from);
        Stage stage = stage(to)) {
      TreeWriter writer = CopiedFiles.keepingOwners(stage);
      new TreeCopy(source, writer).file(TreePath.ROOT, TreePath.parse("copy"));
      stage.publish(TreePath.parse("copy"), TreePath.parse("copy"));
    }
  }

  @Test
  @NeedsTool(value = "setfattr", from = "attr")
  @NeedsTool(value = "setfacl", from = "acl")
  @NeedsTool(value = "setcap", from = "libcap2-bin")
  void a_copy_loses_nothing() throws Exception {
    Path torture = directory("torture");
    TortureTree.make(torture);
    Path target = directory("target");
    Backups.shell("setfacl -d -m u:77:rwx \"$1\"", target);

    copy(torture, target);

    assertThat(TreeDump.of(torture).differences(TreeDump.of(target.resolve("copy")))).isEmpty();
    assertThat(losses).isEmpty();
    assertThat(target.resolve("stage")).doesNotExist();
  }

  @Test
  void a_thread_of_a_copy_follows_no_link_in_the_place_of_the_stage() throws Exception {
    Path target = directory("target");
    Path elsewhere = directory("elsewhere");
    try (Stage stage = stage(target)) {
      Files.move(target.resolve("stage"), target.resolve("moved"));
      Files.createSymbolicLink(target.resolve("stage"), elsewhere);
      try (TreeWriter writer = stage.writer().another()) {
        assertThat(writer.directory(TreePath.parse("made"))).isTrue();
      }
      assertThat(elsewhere).isEmptyDirectory();
      assertThat(target.resolve("moved/made")).isDirectory();
      Files.delete(target.resolve("stage"));
      Files.move(target.resolve("moved"), target.resolve("stage"));
    }
  }

  /** Many processors have many threads, and a process may open 1024 files on many machines. */
  @Test
  void a_thread_of_a_copy_keeps_few_directories_open() throws Exception {
    Path target = directory("target");
    try (Stage stage = stage(target);
        TreeWriter writer = stage.writer().another()) {
      for (int i = 0; i < 50; i++) {
        TreePath directory = TreePath.parse("d" + i);
        assertThat(writer.directory(directory)).isTrue();
        assertThat(writer.fifo(directory.child(STAGE))).isTrue();
      }
      assertThat(openBelow(target)).isLessThan(15);
    }
    assertThat(openBelow(target)).isZero();
  }

  private static long openBelow(Path directory) throws IOException {
    return DirectoryEntries.of(Path.of("/proc/self/fd")).stream()
        .filter(link -> target(link).filter(file -> file.startsWith(directory)).isPresent())
        .count();
  }

  private static Optional<Path> target(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link));
    } catch (IOException _) {
      return Optional.empty(); // closed meanwhile
    }
  }

  @Test
  void copies_for_one_owner_have_no_rights_of_another() throws Exception {
    Path source = directory("source");
    Path file = Files.writeString(source.resolve("program"), "x");
    Files.setAttribute(file, "unix:uid", 1234);
    Files.setAttribute(file, "unix:mode", 06755);
    Path target = directory("target");
    try (FileTree from = trees.read(source);
        FileTree to = trees.read(target);
        Stage stage = stage(target)) {
      var owner = to.stat(TreePath.ROOT).orElseThrow();
      new TreeCopy(from, CopiedFiles.ownedAs(owner, stage)).run();
      stage.publish(TreePath.parse("program"), TreePath.parse("program"));
    }
    Path copy = target.resolve("program");
    assertThat(Files.getAttribute(copy, "unix:uid")).isEqualTo(0);
    assertThat((int) Files.getAttribute(copy, "unix:mode") & 07777).isEqualTo(0755);
  }

  @Test
  @NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
  void blocks_are_shared_where_the_file_system_can() throws Exception {
    Path mount = directory("xfs");
    Path image = scratch.resolve("xfs.img");
    Backups.shell(
        "truncate -s 400M \"$1\" && mkfs.xfs -q -m reflink=1 \"$1\" && mount -o loop \"$1\" \"$2\"",
        image,
        mount);
    try {
      Path source = Files.createDirectory(mount.resolve("source"));
      Files.write(source.resolve("large"), new byte[100 << 20]);
      Backups.shell("sync -f \"$1\"", mount);
      long before = Files.getFileStore(mount).getUsableSpace();
      copy(source, mount);
      Backups.shell("sync -f \"$1\"", mount);
      long taken = before - Files.getFileStore(mount).getUsableSpace();

      assertThat(mount.resolve("copy/large")).hasSize(100 << 20);
      assertThat(taken).isLessThan(10 << 20);
    } finally {
      Backups.shell("umount \"$1\"", mount);
    }
  }

  /** A process in a container replaces a directory by a link that leads out of the volume. */
  @Test
  void nothing_is_written_outside_while_links_are_swapped() throws Exception {
    Path outside = directory("outside");
    Path volume = directory("volume");
    Path swapped = directory("volume/sub");
    Path link = Files.createSymbolicLink(volume.resolve("link"), outside);
    var over = new AtomicBoolean();
    int written = 0;
    int refused = 0;
    try (var threads = Executors.newSingleThreadExecutor()) {
      Future<?> swapping =
          threads.submit(
              () -> {
                while (!over.get()) {
                  assertThat(trees.exchange(swapped, link)).isTrue();
                }
              });
      try {
        for (int i = 0; i < 50 * ROUNDS && (i < ROUNDS || written == 0 || refused == 0); i++) {
          if (publishes(volume)) {
            written++;
          } else {
            refused++;
          }
        }
      } finally {
        over.set(true);
      }
      assertThat(swapping.get()).isNull();
    }
    assertThat(outside).isEmptyDirectory();
    assertThat(written).isPositive();
    assertThat(refused).isPositive();
  }

  private boolean publishes(Path volume) {
    try (Stage stage = stage(volume)) {
      try (NewFile file = stage.writer().file(TreePath.parse("file")).orElseThrow()) {
        file.write(ByteBuffer.allocateDirect(1), 0);
      }
      stage.publish(TreePath.parse("file"), TreePath.parse("sub/file"));
      return true;
    } catch (FileFailure e) {
      return false;
    }
  }

  /** The clean-up must not follow the link either. */
  @Test
  void a_stage_that_became_a_link_is_not_followed_when_it_is_deleted() throws Exception {
    Path outside = directory("outside");
    Files.writeString(outside.resolve("precious"), "mine");
    Path volume = directory("volume");
    Stage stage = stage(volume);
    Files.delete(volume.resolve("stage"));
    Files.createSymbolicLink(volume.resolve("stage"), outside);
    try (stage) {
      assertThat(stage.writer()).isNotNull();
    } catch (FileFailure e) {
      assertThat(e).hasMessageContaining("stage");
    }
    assertThat(outside.resolve("precious")).hasContent("mine");
  }
}
