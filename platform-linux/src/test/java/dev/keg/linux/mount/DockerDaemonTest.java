package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(value = OS.LINUX, disabledReason = "there is no /proc elsewhere")
class DockerDaemonTest {
  private static final String WORDS = "pid:[4026531836] 812 35214";

  @TempDir private Path processes;

  @BeforeEach
  void first() throws IOException {
    process(1, "init", "S", "4");
    inNamespace("pid:[4026531836]");
  }

  private void process(long number, String name, String state, String start) throws IOException {
    Path directory = Files.createDirectories(processes.resolve(String.valueOf(number)));
    Files.writeString(
        directory.resolve("stat"),
        "%d (%s) %s 1 812 812 0 -1 4194560 9141 0 0 0 7 5 0 0 20 0 11 0 %s 1873563648 22318\n"
            .formatted(number, name, state, start));
  }

  private void inNamespace(String name) throws IOException {
    Path link = processes.resolve("self/ns/pid");
    Files.createDirectories(link.resolveSibling(""));
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(name));
  }

  private DockerDaemon daemons() {
    return new DockerDaemon(processes);
  }

  @Test
  void a_dockerd_is_distinguished_from_others_until_it_ends() throws IOException {
    process(812, "dockerd", "S", "35214");

    assertThat(daemons().identify(812)).contains(WORDS);
    assertThat(daemons().hasEnded(WORDS)).isFalse();

    process(812, "dockerd", "Z", "35214");
    assertThat(daemons().hasEnded(WORDS)).as("its parent has not noticed").isTrue();
    process(812, "dockerd", "S", "99000");
    assertThat(daemons().hasEnded(WORDS)).as("another has its number").isTrue();
    Files.delete(processes.resolve("812/stat"));
    assertThat(daemons().hasEnded(WORDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"podman", "socat", "dockerd-rootless", "x (dockerd) S", ""})
  void no_other_program_is_one(String name) throws IOException {
    process(812, name, "S", "35214");

    assertThat(daemons().identify(812)).isEmpty();
  }

  @Test
  void what_has_ended_already_may_have_been_one() throws IOException {
    assertThat(daemons().identify(813)).contains("pid:[4026531836] 813 ended");
    assertThat(daemons().hasEnded("pid:[4026531836] 813 ended")).isTrue();
    process(813, "other", "S", "99000");
    assertThat(daemons().hasEnded("pid:[4026531836] 813 ended")).isTrue();
    process(813, "x", "Z", "99000");
    assertThat(daemons().identify(813)).contains("pid:[4026531836] 813 99000");
  }

  @Test
  void nobody_ends_where_processes_cannot_be_seen() throws IOException {
    inNamespace("pid:[4026532200]");
    assertThat(daemons().hasEnded(WORDS)).as("a container's").isFalse();

    inNamespace("pid:[4026531836]");
    Files.delete(processes.resolve("1/stat"));
    Files.delete(processes.resolve("1"));
    assertThat(daemons().hasEnded(WORDS)).as("hidepid").isFalse();
    assertThat(daemons().identify(813)).as("hidepid").isEmpty();

    Files.delete(processes.resolve("self/ns/pid"));
    assertThat(daemons().hasEnded(WORDS)).as("another's proc").isFalse();
    process(812, "dockerd", "S", "35214");
    assertThat(daemons().identify(812)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "812", "pid:[4026531836] x 1", "pid:[4026531836] 812"})
  void what_cannot_be_understood_has_not_ended(String words) {
    assertThat(daemons().hasEnded(words)).isFalse();
  }

  @Test
  void a_malformed_line_of_a_process_does_not_mean_that_it_ended() throws IOException {
    Path directory = Files.createDirectories(processes.resolve("812"));
    Files.writeString(directory.resolve("stat"), "812 (dockerd) S");

    assertThat(daemons().identify(812)).isEmpty();
    assertThat(daemons().hasEnded(WORDS)).isFalse();
  }
}
