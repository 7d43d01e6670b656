package dev.keg.backup.browse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.Shelf;
import dev.keg.tree.FakeTree;
import dev.keg.tree.TreePath;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpaceTakenTest {
  private final Shelf shelf = new Shelf();

  @BeforeEach
  void write() {
    FakeTree files = new FakeTree();
    files.directory("a");
    files.directory("a/b");
    files.file("a/b/deep", new byte[5]);
    files.file("a/b/deeper", new byte[7]);
    files.file("a/one", new byte[3]);
    files.directory("a-sister");
    files.file("z", new byte[1]);
    shelf.add("full", files);
  }

  private List<String> taken(String path) {
    Archive archive = shelf.archive("full");
    try (BackupTree tree = new IndexedTree("db 1", archive, new ArchiveSources(archive, shelf))) {
      return SpaceTaken.of(tree, TreePath.parse(path), lost -> {}).stream()
          .map(taken -> taken.path() + " " + taken.files() + " " + taken.bytes())
          .toList();
    }
  }

  @Test
  void each_thing_counts_with_all_below_it() {
    assertThat(taken(".")).containsExactly("a 3 15", "a-sister 0 0", "z 1 1", ". 4 16");
    assertThat(taken("a")).containsExactly("a/b 2 12", "a/one 1 3", "a 3 15");
  }

  @Test
  void an_empty_directory_and_a_file_stand_alone() {
    assertThat(taken("a-sister")).containsExactly("a-sister 0 0");
    assertThat(taken("a/one")).containsExactly("a/one 1 3");
  }
}
