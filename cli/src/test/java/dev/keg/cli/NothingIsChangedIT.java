package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import dev.keg.fixtures.tree.TortureTree;
import dev.keg.fixtures.tree.TreeDump;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A volume with everything that a tree can contain passes unchanged through the built program:
 * through Keg alone, through Keg and then GNU tar, and through GNU tar and then Keg.
 */
@NeedsRoot
@NeedsTool(value = "tar", from = "tar")
@NeedsTool(value = "zstd", from = "zstd")
@NeedsTool(value = "setfacl", from = "acl")
@NeedsTool(value = "setfattr", from = "attr")
@Tag("native")
class NothingIsChangedIT {
  @TempDir Path scratch;
  private BackupShell shell;
  private TreeDump before;

  @BeforeEach
  void make() throws Exception {
    Files.createDirectory(scratch.resolve("repo"));
    shell = new BackupShell(scratch.resolve("root"), scratch.resolve("repo").toString(), Map.of());
    shell.keg("create", "db");
    TortureTree.make(shell.data("db"));
    before = TreeDump.of(shell.data("db"));
  }

  private void assertSame(Path tree) {
    assertThat(before.differences(TreeDump.of(tree))).isEmpty();
  }

  private static void bash(String script, Path... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(script, "bash"));
    List.of(arguments).forEach(path -> words.add(path.toString()));
    Outcome outcome =
        new ProcessRunner(
                List.of("/bin/bash", "-euo", "pipefail", "-c"),
                BuiltProgram.ENVIRONMENT,
                Duration.ofMinutes(2))
            .run(Invocation.of(words.toArray(String[]::new)));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
  }

  @Test
  void keg_restores_what_keg_backed_up_and_so_does_tar() throws Exception {
    Path archive = scratch.resolve("db.tar.zst");
    Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));

    shell.keg("backup", "db");
    shell.keg("restore", "--verify", "--to", "copy", "db");
    shell.keg("backup", "--output", archive.toString(), "db");
    bash(
        "zstd -dc \"$1\" | tar -x -p -C \"$2\" --xattrs --xattrs-include='*' --acls",
        archive,
        unpacked);

    assertSame(shell.data("copy"));
    assertSame(unpacked);
  }

  @Test
  void keg_imports_what_tar_packed() throws Exception {
    imports("tar", "cat");
  }

  @ParameterizedTest
  @NeedsNative
  @CsvSource({"tar.gz,gzip -1", "tar.bz2,bzip2 -1", "tar.xz,xz -0", "tar.zst,zstd -q -1"})
  void imports(String suffix, String compressor) throws Exception {
    Path archive = scratch.resolve("gnu." + suffix);
    bash(
        "tar --format=posix --xattrs --xattrs-include='*' --acls -S -C \"$1\" -c . | "
            + compressor
            + " >\"$2\"",
        shell.data("db"),
        archive);
    shell.keg("create", "copy");
    shell.keg("import", "--trust", "copy", archive.toString());

    assertSame(shell.data("copy"));
  }

  /** Regardless of the name: {@code .tar} and {@code .tar.gz} are for programs without zstd. */
  @ParameterizedTest
  @NeedsNative
  @CsvSource({"tar", "tar.gz", "tar.zst"})
  void tar_reads_what_keg_exports(String suffix) throws Exception {
    Path archive = scratch.resolve("db." + suffix);
    Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));
    shell.keg("export", "--output", archive.toString(), "db");
    bash("tar -x -p -f \"$1\" -C \"$2\" --xattrs --xattrs-include='*' --acls", archive, unpacked);

    assertSame(unpacked);
  }
}
