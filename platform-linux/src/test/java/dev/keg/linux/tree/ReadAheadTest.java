package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.walk.TreeReader;
import dev.keg.backup.archive.walk.TreeReader.Found;
import dev.keg.tree.FileTree;
import dev.keg.tree.TreeListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A tree that is read ahead while others change it. */
@Isolated("counts the open files of this process")
class ReadAheadTest {
  private static final int LARGE = 1 << 20;

  @TempDir private Path scratch;

  private TreeReader reader(FileTree tree) {
    return new TreeReader(tree, _ -> false, _ -> true, TreeListener.NONE);
  }

  private static Found find(TreeReader reader, String path) {
    Optional<Found> found = reader.next();
    while (!found.orElseThrow().path().toString().equals(path)) {
      found = reader.next();
    }
    return found.get();
  }

  @Test
  void a_directory_that_became_a_link_leads_to_no_file() throws IOException {
    Path tree = Files.createDirectory(scratch.resolve("tree"));
    Path directory = Files.createDirectory(tree.resolve("d"));
    Files.write(directory.resolve("large"), new byte[LARGE]);
    Path outside = Files.createDirectory(scratch.resolve("outside"));
    Files.write(outside.resolve("large"), new byte[LARGE]);
    try (FileTree files = new LinuxFileTrees().read(tree);
        TreeReader reader = reader(files)) {
      find(reader, "d/large");
      Files.move(directory, tree.resolve("moved"));
      Files.createSymbolicLink(directory, outside);
      assertThat(reader.open()).isEmpty();
    }
  }

  @Test
  void no_file_stays_open_if_the_rest_is_not_wanted() throws IOException {
    Path tree = Files.createDirectory(scratch.resolve("tree"));
    for (int i = 0; i < 100; i++) {
      Path directory = Files.createDirectory(tree.resolve("d%02d".formatted(i)));
      for (int j = 0; j < 30; j++) {
        Files.writeString(directory.resolve("f" + j), "content");
      }
    }
    read(tree, "d99/f29"); // the first time, classes and libraries are opened too
    long before = open();
    for (String last : new String[] {".", "d03/f7", "d99/f29"}) {
      read(tree, last);
      assertThat(open()).isEqualTo(before);
    }
  }

  private void read(Path tree, String last) {
    try (FileTree files = new LinuxFileTrees().read(tree);
        TreeReader reader = reader(files)) {
      find(reader, last);
    }
  }

  private static long open() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
