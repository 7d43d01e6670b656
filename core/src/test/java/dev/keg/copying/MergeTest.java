package dev.keg.copying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.Trial;
import dev.keg.registry.journal.OwnNames;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.Stage;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * An interruption of a copy at any point leaves each file with its old content or its new content.
 */
class MergeTest {
  private static final ByteString STAGE = ByteString.utf8(OwnNames.copy(1));
  private static final Map<String, String> OLD =
      Map.of("both", "old", "dir/both", "old", "dir/kept", "old");
  private static final Map<String, String> NEW =
      Map.of("both", "new", "dir/both", "new", "dir/sub/fresh", "new", "fresh", "new");

  private static void fill(Path directory, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  private static SortedMap<String, String> content(Path directory) throws IOException {
    SortedMap<String, String> content = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        content.put(directory.relativize(file).toString(), Files.readString(file));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return content;
  }

  private static void copy(Path directory) {
    FileTrees trees = new PortableFileTrees();
    Path target = directory.resolve("target");
    try (FileTree from = trees.read(directory.resolve("source"));
        FileTree to = trees.read(target);
        Stage stage = trees.stage(target, STAGE, (_, _, _) -> {})) {
      new TreeCopy(from, CopiedFiles.keepingOwners(stage)).run();
      new Merge(to, TreePath.ROOT.child(STAGE), TreePath.ROOT).into(stage);
    }
  }

  @TestFactory
  Stream<DynamicTest> each_file_is_whole_and_old_or_new() throws Exception {
    return FaultPoints.each(
        new Trial() {
          @Override
          public void prepare(Path directory) throws IOException {
            fill(directory.resolve("source"), NEW);
            fill(directory.resolve("target"), OLD);
          }

          @Override
          public void run(Path directory) {
            copy(directory);
          }

          @Override
          public void verify(Path directory, Outcome outcome) throws IOException {
            SortedMap<String, String> found = content(directory.resolve("target"));
            boolean leftStage = found.keySet().removeIf(name -> name.startsWith(STAGE.toString()));
            for (Map.Entry<String, String> file : found.entrySet()) {
              assertThat(file.getValue()).isIn(OLD.get(file.getKey()), NEW.get(file.getKey()));
            }
            assertThat(found.keySet()).containsAll(OLD.keySet());
            if (outcome.succeeded()) {
              assertThat(found).containsAllEntriesOf(NEW).containsEntry("dir/kept", "old");
              assertThat(leftStage).isFalse();
            }
            assertThat(content(directory.resolve("source")))
                .containsExactlyInAnyOrderEntriesOf(NEW);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> nothing_moves_if_a_file_meets_a_directory() {
    return Stream.of(Map.of("both/x", "new", "a", "new"), Map.of("dir", "new", "a", "new"))
        .map(
            files ->
                DynamicTest.dynamicTest(
                    files.toString(),
                    () -> {
                      Path directory = FaultPoints.inMemory();
                      fill(directory.resolve("source"), files);
                      fill(directory.resolve("target"), OLD);
                      assertThatThrownBy(() -> copy(directory))
                          .hasMessageContaining("cannot overwrite");
                      assertThat(content(directory.resolve("target")))
                          .containsExactlyInAnyOrderEntriesOf(OLD);
                    }));
  }
}
