package dev.keg.backup.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsTool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that stops and starts the writers of a volume, with an engine that hangs. */
@NeedsTool(value = "flock", from = "util-linux")
class StopScriptIT {
  @TempDir Path scratch;

  private Process started(String engine) throws Exception {
    Path program = Files.writeString(scratch.resolve("engine"), "#!/bin/sh\n" + engine);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(note(), "{}");
    List<String> line =
        List.of(
            "sh",
            "-c",
            StoppedWriters.SCRIPT,
            "keg-stop",
            note().toString(),
            "1",
            program.toString(),
            "1f");
    Process process = new ProcessBuilder(line).start();
    process.getOutputStream().close();
    return process;
  }

  private Path note() {
    return scratch.resolve("note.json");
  }

  @Test
  void an_engine_that_does_not_stop_it_in_time_is_given_up_and_starts_it() throws Exception {
    Path told = scratch.resolve("told");
    Process process = started("echo $1 >>'%s'\n[ $1 = start ] || sleep 100".formatted(told));

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(text(process)).isEqualTo("noted\nit did not answer within 1 seconds\n");
    assertThat(told).hasContent("stop\nstart");
    assertThat(note()).as("the engine may stop it yet").exists();
  }

  @Test
  void what_does_not_start_in_time_stays_noted() throws Exception {
    Process process = started("[ $1 = stop ] || sleep 100");

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(text(process)).endsWith("/engine start 1f: it did not answer within 1 seconds\n");
    assertThat(note()).exists();
  }

  private static String text(Process process) throws Exception {
    byte[] output = process.getInputStream().readAllBytes();
    byte[] errors = process.getErrorStream().readAllBytes();
    return new String(output, StandardCharsets.UTF_8) + new String(errors, StandardCharsets.UTF_8);
  }
}
