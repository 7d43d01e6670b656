package dev.keg.backup.browse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.Shelf;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FakeTree.FakeFile;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TreeDifferenceTest {
  private static final Instant LATER = FakeTree.LONG_AGO.plusSeconds(60);

  private final Shelf shelf = new Shelf();
  private final FakeTree files = new FakeTree();
  private final byte[] noise = new byte[3 << 20];

  @BeforeEach
  void first_backup() {
    new Random(1).nextBytes(noise);
    files.directory("dir");
    files.file("dir/a", new byte[] {1, 2, 3});
    files.file("dir/b", new byte[] {4, 5, 6});
    files.file("large", noise.clone());
    files.symlink("link", "dir");
    shelf.add("before", files);
  }

  private List<String> changes(String from) {
    List<String> changes = new ArrayList<>();
    try (BackupTree before = tree("before");
        BackupTree after = tree("after")) {
      shelf.reads.set(0);
      new TreeDifference(before, after)
          .each(TreePath.parse(from), change -> changes.add(change.kind() + " " + change.path()));
    }
    return changes;
  }

  private BackupTree tree(String name) {
    Archive archive = shelf.archive(name);
    return new IndexedTree(name, archive, new ArchiveSources(archive, shelf));
  }

  private void touch(String path) {
    FakeFile file = files.get(path);
    file.modified = LATER;
    file.changed = LATER;
  }

  @Test
  void nothing_has_changed() {
    shelf.addPartial("after", files, "before");
    assertThat(changes(".")).isEmpty();
    assertThat(shelf.reads.get()).isEqualTo(2);
  }

  @Test
  void a_full_backup_of_the_same_files_changes_nothing() {
    shelf.add("after", files);
    assertThat(changes(".")).isEmpty();
  }

  @Test
  void each_kind_of_change_is_reported_in_order() {
    files.get("dir/a").write(new byte[] {1, 2, 4});
    touch("dir/a");
    files.remove("dir/b");
    files.file("dir/c", new byte[0]);
    files.get("dir").modified = LATER;
    files.get("large").mode = 0600;
    files.remove("link");
    files.symlink("link", "elsewhere");
    shelf.addPartial("after", files, "before");

    assertThat(changes("."))
        .containsExactly(
            "changed dir/a",
            "vanished dir/b",
            "appeared dir/c",
            "attributes large",
            "changed link");
    assertThat(changes("dir")).hasSize(3);
    assertThat(changes("dir/b")).containsExactly("vanished dir/b");
  }

  @Test
  void a_file_that_was_touched_has_the_same_content() {
    touch("dir/a");
    touch("large");
    shelf.add("after", files);
    assertThat(changes(".")).containsExactly("attributes dir/a", "attributes large");
  }

  @Test
  void small_files_that_have_to_be_read_share_the_reads() {
    for (int i = 0; i < 500; i++) {
      files.file("many-%03d".formatted(i), new byte[] {(byte) i});
    }
    shelf.add("before", files);
    for (int i = 0; i < 500; i++) {
      touch("many-%03d".formatted(i));
    }
    shelf.add("after", files);
    assertThat(changes(".")).hasSize(500).allMatch(change -> change.startsWith("attributes"));
    assertThat(shelf.reads.get()).isLessThan(10);
  }

  @Test
  void small_files_whose_hash_is_known_are_not_read() {
    shelf.addShared("before", files);
    touch("dir/a");
    files.get("dir/b").write(new byte[] {4, 5, 7});
    touch("dir/b");
    shelf.addShared("after", files);
    assertThat(changes("dir")).containsExactly("attributes dir/a", "changed dir/b");
    assertThat(shelf.reads.get()).isEqualTo(2);
  }

  @Test
  void a_file_that_was_changed_with_its_time_kept_is_found() {
    byte[] other = noise.clone();
    other[2_000_000]++;
    files.get("large").write(other);
    files.get("large").modified = FakeTree.LONG_AGO;
    files.get("large").changed = LATER;
    shelf.add("after", files);
    assertThat(changes(".")).containsExactly("changed large");
    shelf.addPartial("after", files, "before");
    assertThat(changes(".")).containsExactly("changed large");
  }

  @Test
  void the_same_bytes_at_another_place_between_holes_are_a_change() {
    FakeFile sparse = files.file("sparse", new byte[20_000]);
    sparse.content[0] = 1;
    sparse.data = List.of(new Extent(0, 1));
    shelf.add("before", files);
    byte[] moved = new byte[20_000];
    moved[10_000] = 1;
    sparse.write(moved);
    sparse.data = List.of(new Extent(10_000, 1));
    touch("sparse");
    shelf.addPartial("after", files, "before");
    assertThat(changes(".")).containsExactly("changed sparse");
  }

  @Test
  void each_name_of_a_changed_file_is_reported() {
    files.link("other", "dir/a");
    files.link("third", "large");
    shelf.add("before", files);
    files.get("dir/a").write(new byte[] {7, 8, 9});
    touch("dir/a");
    shelf.addPartial("after", files, "before");
    assertThat(changes(".")).containsExactly("changed dir/a", "changed other");
    assertThat(changes("other")).containsExactly("changed other");
    assertThat(changes("third")).isEmpty();
  }

  @Test
  void a_directory_that_became_a_file_is_reported_with_what_was_in_it() {
    files.remove("dir/a");
    files.remove("dir/b");
    files.remove("dir");
    files.add("dir", Stat.Type.REGULAR);
    shelf.add("after", files);
    assertThat(changes(".")).containsExactly("changed dir", "vanished dir/a", "vanished dir/b");
  }
}
