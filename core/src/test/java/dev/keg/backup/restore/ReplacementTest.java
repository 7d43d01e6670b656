package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.fixtures.fault.Trial;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.journal.RestoreJournal.Phase;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.Stage;
import dev.keg.tree.TreeWriter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After an interruption at any point, the next command finds the complete old tree or the complete
 * new one.
 */
class ReplacementTest {
  private static final List<String> OLD = List.of("a 'old'", "b/", "b/c 'old'", "only-old 'x'");
  private static final List<String> NEW = List.of("a 'new'", "b/", "b/d 'new'", "only-new 'y'");

  /** The location of a volume, and whether its file system can exchange directories. */
  private enum Layout {
    EXCHANGED(false, true),
    RENAMED(false, false),
    MOUNTED(true, false);

    final boolean inside;
    final boolean exchange;

    Layout(boolean inside, boolean exchange) {
      this.inside = inside;
      this.exchange = exchange;
    }
  }

  private static Replacement replacement(Layout layout, Path directory) {
    VolumeHome home = new VolumeHome(directory);
    RestorePlace place =
        layout.inside ? RestorePlace.inside(home, home.data()) : RestorePlace.beside(home);
    return new Replacement(trees(layout), place, DirectorySync.FSYNC, _ -> {});
  }

  /** The kernel's exchange is one step; here it is three, so the test must not interrupt it. */
  private static FileTrees trees(Layout layout) {
    PortableFileTrees portable = new PortableFileTrees();
    return new FileTrees() {
      @Override
      public FileTree read(Path root) {
        return portable.read(root);
      }

      @Override
      public TreeWriter write(Path root, Losses losses) {
        return portable.write(root, losses);
      }

      @Override
      public Stage stage(Path root, ByteString name, Losses losses) {
        return portable.stage(root, name, losses);
      }

      @Override
      public boolean exchange(Path one, Path other) {
        if (!layout.exchange) {
          return false;
        }
        FaultyFileSystem faulty = (FaultyFileSystem) one.getFileSystem();
        try {
          // One change that can fail; the test's faults cannot reach the rest.
          Files.setLastModifiedTime(one, FileTime.fromMillis(0));
          Path plain = faulty.unwrap(one);
          Path plainOther = faulty.unwrap(other);
          Path away = plain.resolveSibling("away");
          Files.move(plain, away);
          Files.move(plainOther, plain);
          Files.move(away, plainOther);
          return true;
        } catch (IOException e) {
          throw FileFailures.failure("exchange", one, e);
        }
      }
    };
  }

  @Test
  void a_volume_is_whole_though_what_is_left_beside_it_cannot_be_deleted(@TempDir Path directory)
      throws IOException {
    VolumeHome home = new VolumeHome(Files.createDirectories(directory.resolve("vol")));
    Files.createDirectory(home.data());
    Files.createDirectory(home.file("restore-new"));
    RestoreJournal journal =
        new RestoreJournal(RegistryLayout.restoreJournal(home), DirectorySync.NONE);
    journal.write(Phase.RENAMING, 0);
    Replacement replacement =
        new Replacement(
            trees(Layout.RENAMED),
            RestorePlace.beside(home),
            DirectorySync.NONE,
            _ -> {
              throw new FileFailure("take the limit from", "restore-new", "not permitted", null);
            });

    assertThatThrownBy(replacement::recover).hasMessageContaining("not permitted");

    RestoreJournal.requireWhole("mount", new VolumeName("vol"), home);
    assertThat(journal.read()).isPresent();
    replacement(Layout.RENAMED, home.path()).recover();
    assertThat(home.file("restore-new")).doesNotExist();
    assertThat(journal.read()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void something_else_with_the_name_of_the_stage_is_left_and_reported(
      boolean file, @TempDir Path directory) throws IOException {
    Path inTheWay = directory.resolve("vol/_data").resolve(RestoreJournal.DIRECTORY);
    if (file) {
      Files.createDirectories(inTheWay.getParent());
      Files.writeString(inTheWay, "precious");
    } else {
      Files.createDirectories(inTheWay.resolve("precious"));
    }

    assertThatThrownBy(() -> replacement(Layout.MOUNTED, directory.resolve("vol")).prepare())
        .isInstanceOf(RestoreFailed.class)
        .hasMessage(
            "restore vol: %s does not belong to Keg, but has the name that a restore needs",
            inTheWay);
    assertThat(inTheWay).exists();
  }

  private static void fill(Path directory, String content) throws IOException {
    Files.createDirectories(directory.resolve("b"));
    Files.writeString(directory.resolve("a"), content);
    boolean old = content.equals("old");
    Files.writeString(directory.resolve(old ? "b/c" : "b/d"), content);
    Files.writeString(directory.resolve(old ? "only-old" : "only-new"), old ? "x" : "y");
  }

  private static List<String> tree(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(p -> !p.equals(directory))
          .filter(p -> !p.startsWith(directory.resolve(RestoreJournal.DIRECTORY)))
          .map(p -> directory.relativize(p) + (Files.isDirectory(p) ? "/" : " '" + read(p) + "'"))
          .sorted()
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path data(Path directory) {
    return new VolumeHome(directory).data();
  }

  private static List<String> leftovers(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(p -> p.getFileName().toString())
          .filter(n -> !n.equals("_data") && !n.equals("restore-old"))
          .toList();
    }
  }

  private Stream<DynamicTest> restore(Layout layout) throws Exception {
    return FaultPoints.each(
        new Trial() {
          @Override
          public void prepare(Path directory) throws IOException {
            fill(data(directory), "old");
          }

          @Override
          public void run(Path directory) throws IOException {
            Replacement replacement = replacement(layout, directory);
            fill(replacement.prepare(), "new");
            replacement.commit();
          }

          @Override
          public void verify(Path directory, Outcome outcome) throws IOException {
            Replacement next = replacement(layout, directory);
            next.recover();
            List<String> live = tree(data(directory));
            assertThat(live).isIn(OLD, NEW);
            if (outcome.succeeded()) {
              assertThat(live).isEqualTo(NEW);
            }
            assertThat(leftovers(directory)).isEmpty();
            if (next.canUndo() && live.equals(NEW)) {
              next.undo();
              assertThat(tree(data(directory))).isEqualTo(OLD);
            }
            fill(next.prepare(), "new");
            next.commit();
            assertThat(tree(data(directory))).isEqualTo(NEW);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> a_restore_by_exchange_ends_in_the_old_or_the_new_tree() throws Exception {
    return restore(Layout.EXCHANGED);
  }

  @TestFactory
  Stream<DynamicTest> a_restore_by_renaming_ends_in_the_old_or_the_new_tree() throws Exception {
    return restore(Layout.RENAMED);
  }

  @TestFactory
  Stream<DynamicTest> a_restore_into_a_mounted_volume_ends_in_the_old_or_the_new_tree()
      throws Exception {
    return restore(Layout.MOUNTED);
  }

  private Stream<DynamicTest> undo(Layout layout) throws Exception {
    return FaultPoints.each(
        new Trial() {
          @Override
          public void prepare(Path directory) throws IOException {
            fill(data(directory), "old");
            Replacement replacement = replacement(layout, directory);
            fill(replacement.prepare(), "new");
            replacement.commit();
          }

          @Override
          public void run(Path directory) {
            replacement(layout, directory).undo();
          }

          @Override
          public void verify(Path directory, Outcome outcome) throws IOException {
            Replacement next = replacement(layout, directory);
            if (layout == Layout.MOUNTED && Files.exists(directory.resolve("restore.json"))) {
              // A repeated undo completes it, and does not reverse it.
              next.undo();
              assertThat(tree(data(directory))).isEqualTo(OLD);
            }
            next.recover();
            List<String> live = tree(data(directory));
            assertThat(live).isIn(OLD, NEW);
            if (outcome.succeeded()) {
              assertThat(live).isEqualTo(OLD);
            }
            next.undo();
            assertThat(tree(data(directory))).isEqualTo(live.equals(OLD) ? NEW : OLD);
            assertThat(leftovers(directory)).isEmpty();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> undoing_by_exchange_ends_in_one_of_the_two() throws Exception {
    return undo(Layout.EXCHANGED);
  }

  @TestFactory
  Stream<DynamicTest> undoing_by_renaming_ends_in_one_of_the_two() throws Exception {
    return undo(Layout.RENAMED);
  }

  @TestFactory
  Stream<DynamicTest> undoing_in_a_mounted_volume_ends_in_one_of_the_two() throws Exception {
    return undo(Layout.MOUNTED);
  }

  @Test
  void a_restore_that_is_given_up_leaves_nothing() throws IOException {
    for (Layout layout : Layout.values()) {
      Path directory = FaultyFileSystem.forceable(FaultPoints.inMemory());
      fill(data(directory), "old");
      Replacement replacement = replacement(layout, directory);
      fill(replacement.prepare(), "new");
      replacement.abandon();
      assertThat(tree(data(directory))).isEqualTo(OLD);
      assertThat(leftovers(directory)).isEmpty();
      assertThat(replacement.canUndo()).isFalse();
      assertThatThrownBy(replacement::undo).hasMessageContaining("no restore to undo");
    }
  }

  @Test
  void the_tree_before_can_be_let_go() throws IOException {
    Path directory = FaultyFileSystem.forceable(FaultPoints.inMemory());
    fill(data(directory), "old");
    Replacement replacement = replacement(Layout.RENAMED, directory);
    fill(replacement.prepare(), "new");
    replacement.commit();
    replacement.forgetPrevious();
    assertThat(replacement.canUndo()).isFalse();
    assertThat(tree(data(directory))).isEqualTo(NEW);
  }
}
