package dev.keg.linux.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.file.CountedWork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are shell scripts")
public class InstalledToolsTest {
  private final Path directory;
  private final List<String> debug = new ArrayList<>();
  private final InstalledTools tools;

  InstalledToolsTest(@TempDir Path directory) {
    this.directory = directory;
    this.tools = new InstalledTools(Map.of("PATH", directory.toString()), debug::add);
  }

  private void program(String name, String body) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void arguments_arrive_as_they_are() throws Exception {
    program("show", "for a in \"$@\"; do echo \"<$a>\"; done");

    String output = tools.run(Tool.of("show", "a b", "$HOME", "*", ""));

    assertThat(output).isEqualTo("<a b>\n<$HOME>\n<*>\n<>\n");
    assertThat(debug).containsExactly("show a b $HOME * ", "show: exit 0");
  }

  @Test
  @Timeout(20)
  void a_daemon_that_is_left_behind_is_not_waited_for() throws Exception {
    program("serve", "sleep 60 & echo $!>" + directory.resolve("pid"));

    String output = tools.run(Tool.of("serve").leavingDaemon());

    assertThat(output).isEmpty();
    long daemon = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    assertThat(ProcessHandle.of(daemon).map(ProcessHandle::destroyForcibly)).contains(true);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc counts")
  void what_a_program_writes_is_reported_while_it_runs() throws Exception {
    program("write", "/usr/bin/head -c 1000000 /dev/zero >\"$1\"; /usr/bin/sleep 0.5");
    CountedWork work = new CountedWork();
    var watched = new InstalledTools(Map.of("PATH", directory.toString()), debug::add, work);

    var _ = watched.run(Tool.of("write", directory.resolve("file").toString()).patiently(1000000));

    assertThat(work.expected).hasValue(1_000_000);
    assertThat(work.done).hasValueBetween(1_000_000, 1_100_000);
  }

  @Test
  void the_input_arrives_and_is_shown_nowhere() throws Exception {
    program("swallow", "exec cat");

    String output =
        tools.run(
            Tool.of("swallow")
                .withInput(stdin -> stdin.write("secret".getBytes(StandardCharsets.UTF_8))));

    assertThat(output).isEqualTo("secret");
    assertThat(debug).noneMatch(line -> line.contains("secret"));
  }

  @Test
  void a_program_that_does_not_read_its_input_is_not_a_failure() throws Exception {
    program("deaf", "exit 0");

    assertThat(tools.run(Tool.of("deaf").withInput(stdin -> stdin.write(new byte[1 << 20]))))
        .isEmpty();
  }

  @Test
  void a_failure_tells_the_last_line_of_its_errors() throws IOException {
    program("fail", "echo result; echo 'fail: some context' >&2; echo 'fail: no way' >&2; exit 3");

    ToolException failure =
        catchThrowableOfType(ToolException.class, () -> tools.run(Tool.of("fail")));

    assertThat(failure).hasMessage("fail: no way");
    assertThat(failure.exit()).isEqualTo(3);
  }

  @Test
  void the_banner_of_a_program_is_not_a_reason() throws IOException {
    program(
        "shrink",
        "echo 'shrink: no way' >&2; echo 'shrink 1.47.0-rc1 (5-Feb-2023)' >&2; echo >&2; exit 3");
    program("mute2", "echo 'mute2 1.47.0 (5-Feb-2023)' >&2; exit 3");

    assertThatThrownBy(() -> tools.run(Tool.of("shrink"))).hasMessage("shrink: no way");
    assertThatThrownBy(() -> tools.run(Tool.of("mute2"))).hasMessage("mute2 failed (exit 3)");
  }

  @Test
  void a_silent_failure_tells_the_exit_status() throws IOException {
    program("mute", "exit 7");

    assertThatThrownBy(() -> tools.run(Tool.of("mute"))).hasMessage("mute failed (exit 7)");
  }

  @Test
  void a_missing_program_names_its_package() {
    ToolException failure =
        catchThrowableOfType(
            ToolException.class,
            () -> new InstalledTools(Map.of(), _ -> {}).run(Tool.of("mount.nfs-that-is-missing")));

    assertThat(failure).hasMessage("mount.nfs-that-is-missing is not installed");
    assertThat(failure.hint().orElse("")).endsWith("apt-get install mount.nfs-that-is-missing");
    assertThat(ToolException.missing(Tool.of("mkfs.xfs")).hint().orElse(""))
        .endsWith("apt-get install xfsprogs");
  }

  @Test
  void a_program_that_takes_too_long_is_ended() throws IOException {
    program("slow", "exec sleep 60");

    assertThatThrownBy(() -> tools.run(Tool.of("slow").withLimit(Duration.ofMillis(100))))
        .isInstanceOf(ToolException.class)
        .hasMessage("slow did not end within 0 seconds");
  }

  @Test
  void much_output_on_both_streams_blocks_nothing() throws Exception {
    program("loud", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2");

    assertThat(tools.run(Tool.of("loud"))).hasSize(64 * 1024);
  }

  @Test
  void what_is_started_has_said_that_it_is_ready_and_ends_when_it_is_closed() throws Exception {
    program("tool", "touch \"$1\"; echo ready; exec cat");
    Path made = directory.resolve("made");

    try (Tools.Companion _ = tools.start(Tool.of("tool", made.toString()))) {
      assertThat(made).exists();
    }
  }

  @Test
  void what_ends_without_a_word_was_never_ready() throws IOException {
    program("tool", "echo no lock >&2; exit 4");

    assertThatThrownBy(() -> tools.start(Tool.of("tool")))
        .isInstanceOf(ToolException.class)
        .hasMessageContaining("no lock");
  }

  @Test
  void programs_for_administrators_are_found_without_being_on_the_path() {
    assertThat(new InstalledTools(Map.of("PATH", "/nowhere"), _ -> {}).has("ldconfig")).isTrue();
  }
}
