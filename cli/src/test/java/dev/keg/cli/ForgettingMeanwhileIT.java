package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsNative;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another process forgets backups while one is made. */
@NeedsNative
class ForgettingMeanwhileIT {
  private static final int ROUNDS = 10;

  @TempDir Path scratch;
  private BackupShell shell;

  @BeforeEach
  void make() throws Exception {
    Files.createDirectory(scratch.resolve("repo"));
    shell = new BackupShell(scratch.resolve("root"), scratch.resolve("repo").toString(), Map.of());
    shell.keg("create", "db");
    for (int i = 0; i < 3; i++) {
      shell.writeNoise("db", "large" + i, 3_000_000 + i);
      shell.keg("backup", "db");
    }
  }

  /** The shell command that forgets all but the last one. */
  private String forget() {
    return "'%s' --root '%s' forget --repo '%s' --keep-last 1"
        .formatted(BuiltProgram.path(), shell.root(), shell.repository());
  }

  @Test
  void what_a_backup_builds_on_is_forgotten_before_it_is_read() throws Exception {
    shell.write("db", "small", "1");
    shell.keg("backup", "--pre", forget(), "db");

    assertNothingIsLost();
  }

  @Test
  void what_a_backup_builds_on_is_forgotten_before_it_is_published() throws Exception {
    shell.write("db", "small", "1");
    shell.keg("backup", "--post", forget(), "db");

    assertNothingIsLost();
  }

  @ParameterizedTest(name = "forget {0}")
  @ValueSource(strings = {"", "--max-unused 0 --now"})
  void one_process_forgets_all_the_time(String options) throws Exception {
    Path stop = scratch.resolve("stop");
    ProcessBuilder builder =
        new ProcessBuilder(
            "/bin/sh",
            "-c",
            "until [ -e '%s' ]; do %s %s || exit; done".formatted(stop, forget(), options));
    builder.environment().putAll(BuiltProgram.ENVIRONMENT);
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process forgetting = builder.start();
    try {
      Random random = new Random(1);
      for (int i = 0; i < ROUNDS; i++) {
        shell.write("db", "small" + i, "content " + random.nextInt());
        shell.keg("backup", "db");
      }
    } finally {
      Files.createFile(stop);
    }
    assertThat(forgetting.waitFor()).isZero();
    assertNothingIsLost();
  }

  private void assertNothingIsLost() throws Exception {
    List<String> good = shell.keg("verify", "--all", "--deep", "--scratch=" + scratch);
    assertThat(good).isNotEmpty().allMatch(line -> line.endsWith("good (deep)"));
    shell.keg("restore", "--to", "copy", "db");
    assertThat(shell.content("copy")).isEqualTo(shell.content("db"));
  }
}
