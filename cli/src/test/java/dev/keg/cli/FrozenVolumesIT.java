package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup that ends early releases the file system that it has frozen. */
@NeedsRoot
@NeedsNative
@NeedsKernel({"loop", "ext4"})
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
class FrozenVolumesIT {
  @TempDir Path scratch;
  private BackupShell shell;
  private Path post;

  @BeforeEach
  void make() throws Exception {
    Files.createDirectory(scratch.resolve("repo"));
    post = scratch.resolve("post ran");
    shell = new BackupShell(scratch.resolve("root"), scratch.resolve("repo").toString(), Map.of());
    shell.keg("create", "--driver", "loop", "--opt", "size=300m", "db");
    shell.keg("mount", "db");
    shell.writeNoise("db", "large", 200 << 20);
  }

  @AfterEach
  void unmount() throws Exception {
    assertThat(shell.run("unmount", "db").errors()).isEmpty();
    shell.keg("rm", "db");
  }

  /** A backup that a signal ends while it reads; returns its exit status. */
  private int backUpUntil(String signal) throws Exception {
    ProcessBuilder builder =
        program("backup", "--freeze", "--full", "--post", "echo \"$KEG_VOLUME\" >'" + post + "'");
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try (BufferedReader debug = process.errorReader()) {
      awaitFreeze(debug);
      signal(signal, process.pid());
      debug.lines().forEach(_ -> {});
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private ProcessBuilder program(String... backup) {
    // A process that a shell starts in the background ignores SIGINT, and so would its children.
    List<String> line =
        new ArrayList<>(List.of("env", "--default-signal=INT", BuiltProgram.path(), "--debug"));
    line.addAll(List.of(backup));
    line.addAll(List.of("--freeze-limit", "60", "db"));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(BuiltProgram.ENVIRONMENT);
    builder.environment().put("KEG_ROOT", shell.root().toString());
    builder.environment().put("KEG_REPOSITORY", shell.repository());
    return builder;
  }

  private static void awaitFreeze(BufferedReader debug) {
    assertThat(debug.lines().anyMatch(line -> line.contains("FIFREEZE"))).isTrue();
  }

  /** A backup that waits for the reader of its output, with the volume frozen. */
  private Process waitingBackup() throws IOException {
    Process process = program("backup", "--freeze", "--output", "-").start();
    awaitFreeze(process.errorReader());
    return process;
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  /** Writers to a frozen file system wait for ever. */
  private boolean canBeWritten() throws Exception {
    Path probe = shell.data("db").resolve("probe");
    Process touch =
        new ProcessBuilder(List.of("timeout", "-s", "KILL", "10", "touch", probe.toString()))
            .start();
    return touch.waitFor() == 0;
  }

  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143"})
  void a_signal_thaws_it_and_runs_the_post_command(String signal, int status) throws Exception {
    assertThat(backUpUntil(signal)).isEqualTo(status);

    assertThat(canBeWritten()).isTrue();
    assertThat(post).hasContent("db");
    assertThat(shell.backups("db")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "KILL"})
  void it_stays_frozen_until_the_last_of_two_backups_has_ended(String signal) throws Exception {
    Process one = waitingBackup();
    Process other = waitingBackup();
    Process writer =
        new ProcessBuilder("touch", shell.data("db").resolve("probe").toString()).start();
    try {
      signal(signal, one.pid());
      // Ctrl-C ends the reader as well.
      one.getInputStream().close();
      assertThat(one.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(writer.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();

      other.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertThat(other.waitFor()).isZero();
      assertThat(writer.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      one.destroyForcibly();
      other.destroy();
    }
  }

  /** Each backup finds the volume mounted or mounts it; only the last one may unmount it. */
  @Test
  void backups_at_once_share_a_mount() throws Exception {
    shell.keg("unmount", "db");
    try (var executor = Executors.newFixedThreadPool(4)) {
      Callable<Outcome> backup = () -> shell.run("backup", "db");
      for (Future<Outcome> end : executor.invokeAll(Collections.nCopies(4, backup))) {
        assertThat(end.get().exit()).as(end.get().errors()).isZero();
      }
    }

    assertThat(shell.data("db")).isEmptyDirectory();
    assertThat(shell.keg("backups", "--format", "{{.Files}}", "db")).hasSize(4).containsOnly("1");
  }

  @Test
  void a_killed_backup_leaves_nothing_frozen() throws Exception {
    assertThat(backUpUntil("KILL")).isEqualTo(137);
    assertThat(canBeWritten()).isTrue();
  }

  @Test
  void the_limit_thaws_it_while_a_slow_reader_continues() throws Exception {
    ProcessBuilder builder = program("backup", "--freeze", "--output", "-");
    builder.command().set(builder.command().indexOf("60"), "1");
    Process slow = builder.start();
    try (BufferedReader debug = slow.errorReader()) {
      awaitFreeze(debug);
      Process writer =
          new ProcessBuilder("touch", shell.data("db").resolve("probe").toString()).start();
      assertThat(writer.waitFor(1, TimeUnit.MINUTES)).isTrue();
      slow.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertThat(debug.lines().anyMatch(line -> line.contains("was thawed after 1.0 seconds")))
          .isTrue();
      assertThat(slow.waitFor()).isEqualTo(3);
    } finally {
      slow.destroyForcibly();
    }
  }

  /** The program that resizes waits in the kernel, and Keg holds the volume's lock meanwhile. */
  @Test
  @NeedsKernel("xfs")
  @NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
  void the_limit_thaws_it_while_a_command_that_has_its_lock_waits() throws Exception {
    shell.keg("create", "--driver", "loop", "--opt", "size=320m", "--opt", "fs=xfs", "grows");
    shell.keg("mount", "grows");
    ProcessBuilder builder = program("backup", "--freeze", "--output", "-");
    builder.command().set(builder.command().indexOf("60"), "2");
    builder.command().set(builder.command().indexOf("db"), "grows");
    shell.writeNoise("grows", "large", 10 << 20); // more than a pipe holds
    Process slow = builder.start();
    try (BufferedReader debug = slow.errorReader()) {
      awaitFreeze(debug);
      assertThat(shell.run("resize", "grows", "400m").errors()).isEmpty();
      slow.getInputStream().transferTo(OutputStream.nullOutputStream());
      debug.lines().forEach(_ -> {});
      assertThat(slow.waitFor()).isEqualTo(3);
    } finally {
      slow.destroyForcibly().waitFor();
      shell.keg("unmount", "grows");
      shell.keg("rm", "grows");
    }
  }

  @Test
  void the_next_backup_thaws_what_a_killed_one_left_frozen() throws Exception {
    assertThat(backUpUntil("KILL")).isEqualTo(137);
    Outcome next = shell.run("backup", "--freeze", "--freeze-limit", "60", "db");

    assertThat(next.exit()).as(next.errors()).isZero();
    assertThat(canBeWritten()).isTrue();
  }

  @Test
  void unmounting_thaws_what_a_killed_one_left_frozen() throws Exception {
    assertThat(backUpUntil("KILL")).isEqualTo(137);
    shell.keg("unmount", "db");

    shell.keg("mount", "db");
    assertThat(canBeWritten()).isTrue();
  }
}
