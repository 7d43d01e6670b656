package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flags of chattr(1), which archives do not have, are noticed. */
@NeedsRoot
@NeedsTool(value = "chattr", from = "e2fsprogs")
class FileFlagsIT {
  private static final String ALL = "iad";

  @TempDir Path scratch;
  private Path tree;

  @BeforeEach
  void make() throws Exception {
    tree = Files.createDirectory(scratch.resolve("tree"));
    Files.writeString(tree.resolve("file"), "1");
    Files.writeString(tree.resolve("plain"), "2");
    Files.createDirectory(tree.resolve("directory"));
    assumeTrue(
        Backups.shell("lsattr -d \"$1\" 2>&1 || echo none", tree).contains("---"),
        "needs a file system with flags in " + scratch);
  }

  /** Otherwise nobody can delete them. */
  @AfterEach
  void unset() throws Exception {
    Backups.shell("chattr -R -f -" + ALL + " \"$1\" || true", tree);
  }

  private Stat stat(String name) {
    try (FileTree read = new LinuxFileTrees().read(tree)) {
      return read.stat(TreePath.parse(name)).orElseThrow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"i", "a", "d"})
  void a_flag_is_seen_by_name_and_on_an_open_file(String flag) throws Exception {
    Backups.shell("chattr +" + flag + " \"$1\"", tree.resolve("file"));

    assertThat(stat("file").flagged()).isTrue();
    try (FileTree read = new LinuxFileTrees().read(tree);
        OpenFile file = read.open(TreePath.parse("file")).orElseThrow()) {
      assertThat(file.stat().flagged()).isTrue();
    }
    assertThat(stat("plain").flagged()).isFalse();
  }

  @Test
  void a_backup_counts_them() throws Exception {
    Backups.shell("chattr +i \"$1\"/file \"$1\"/directory", tree);
    Backups backups = new Backups(scratch);

    assertThat(backups.summary(tree, "flags.tar.zst").flagged()).isEqualTo(2);
  }
}
