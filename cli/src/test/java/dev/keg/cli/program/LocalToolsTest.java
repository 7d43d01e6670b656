package dev.keg.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.program.Programs;
import dev.keg.program.WatchedProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@NeedsTool(value = "sh", from = "dash")
class LocalToolsTest {
  private final List<String> debug = new ArrayList<>();
  private final LocalTools tools = new LocalTools(System.getenv(), debug::add);

  @Test
  void a_program_gets_its_arguments_as_they_are() throws Exception {
    try (Programs.Running program =
        tools.start(List.of("sh", "-c", "printf %s. \"$@\"", "x", "a b", "$HOME", "*"))) {
      assertThat(program.output().readAllBytes()).asString().isEqualTo("a b.$HOME.*.");
      assertThat(program.exitCode()).isZero();
    }
  }

  @Test
  void a_program_reads_and_complains() throws Exception {
    try (Programs.Running program = tools.start(List.of("sh", "-c", "cat >&2; exit 3"))) {
      program.input().write("oh no".getBytes(StandardCharsets.UTF_8));
      program.input().close();

      assertThat(program.exitCode()).isEqualTo(3);
      assertThat(program.complaint()).isEqualTo("oh no");
    }
  }

  @Test
  void a_program_that_complains_at_length_does_not_wait_for_a_reader() throws Exception {
    try (Programs.Running program =
        tools.start(List.of("sh", "-c", "head -c 1000000 /dev/zero >&2"))) {
      assertThat(program.exitCode()).isZero();
      assertThat(program.complaint()).hasSize(64 << 10);
    }
  }

  @Test
  void a_program_that_is_closed_ends() throws Exception {
    Programs.Running program = tools.start(List.of("sh", "-c", "exec cat"));
    program.close();

    assertThat(program.exitCode()).isNotZero();
  }

  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void a_program_that_neither_reads_nor_ends_when_it_is_told_to_is_killed() throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "trap '' TERM; echo deaf; exec sleep 600").start();
    LocalProcess local = new LocalProcess(process, Duration.ofMillis(50));
    assertThat(local.output().readNBytes(5)).asString().isEqualTo("deaf\n");
    try (WatchedProgram program = new WatchedProgram(local, Duration.ofMillis(200))) {
      OutputStream input = program.input();

      assertThatThrownBy(() -> input.write(new byte[1 << 20])).isInstanceOf(IOException.class);
      assertThat(program.isSilent()).isTrue();
    }
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void a_program_that_is_missing_is_named_with_its_package() {
    LocalTools bare = new LocalTools(Map.of("PATH", "/nowhere"), _ -> {});

    assertThatThrownBy(() -> bare.start(List.of("ssh", "host")))
        .isInstanceOf(IOException.class)
        .hasMessage("ssh is missing (Debian package: openssh-client)");
    assertThatThrownBy(() -> bare.start(List.of("my-tool"))).hasMessage("my-tool is missing");
    assertThatThrownBy(() -> bare.start(List.of())).hasMessage("no program is named");
  }

  @Test
  void each_program_is_one_line_of_debug() throws Exception {
    tools.start(List.of("sh", "-c", "exit " + "0".repeat(500))).close();

    assertThat(debug).hasSize(1);
    assertThat(debug.getFirst()).startsWith("sh -c exit 000").hasSize(161);
  }
}
