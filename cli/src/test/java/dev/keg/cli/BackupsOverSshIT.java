package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.server.Sshd;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands through the user's own ssh against a real sshd, also with failures. */
@NeedsNative
@NeedsTool(value = "ssh", from = "openssh-client")
@NeedsTool(value = "ssh-keygen", from = "openssh-client")
@NeedsTool(value = "sshd", from = "openssh-server")
class BackupsOverSshIT {
  private static final int MIB = 1 << 20;

  @TempDir static Path directory;
  private static Sshd server;

  @TempDir Path scratch;
  private BackupShell shell;

  @BeforeAll
  static void startServer() throws Exception {
    server = Sshd.start(directory);
  }

  @AfterAll
  static void stopServer() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(scratch.resolve("back ups"));
    shell = shell(server, server.clientConfiguration());
  }

  private BackupShell shell(Sshd sshd, Path configuration) throws IOException {
    Path bin = sshd.clientPrograms(configuration);
    return new BackupShell(
        scratch.resolve("root"),
        "ssh://127.0.0.1:%d%s/back%%20ups".formatted(sshd.port(), scratch),
        Map.of("PATH", bin + ":/usr/bin:/bin", "HOME", scratch.toString()));
  }

  @Test
  void backups_are_made_listed_verified_forgotten_and_restored() throws Exception {
    shell.assertBackupsLive();
  }

  @Test
  void a_key_that_is_not_known_is_reported_and_nothing_is_changed() throws Exception {
    shell.keg("create", "db");
    shell.write("db", "a", "1");
    shell.keg("backup", "--no-encryption", "db");
    Path key = Sshd.generateKey(scratch.resolve("stranger"));
    BackupShell stranger = shell(server, server.clientConfiguration(key));

    for (String[] command :
        new String[][] {
          {"backup", "--no-encryption", "db"}, {"backups"}, {"restore", "--replace", "--yes", "db"}
        }) {
      Outcome outcome = stranger.run(command);
      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.errors()).contains("ssh://127.0.0.1", "Permission denied");
    }
    assertThat(shell.backups("db")).hasSize(1);
    assertThat(shell.content("db")).hasSize(1);
  }

  /** The pre-command runs when the object is started, and ends the server. */
  @Test
  void a_server_that_goes_away_in_the_middle_leaves_no_backup_and_the_next_one_works()
      throws Exception {
    shell.keg("create", "db");
    shell.writeNoise("db", "large", 20 * MIB);
    shell.keg("backup", "--no-encryption", "db");
    shell.writeNoise("db", "larger", 40 * MIB);
    Map<String, String> before = shell.content("db");
    try (Sshd mortal = Sshd.start(Files.createDirectory(scratch.resolve("mortal")))) {
      BackupShell unlucky = shell(mortal, mortal.clientConfiguration());
      Outcome outcome =
          unlucky.run(
              "backup",
              "--pre",
              "kill -9 " + mortal.pid() + " $(pgrep -P " + mortal.pid() + ")",
              "db");

      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.errors()).contains("ssh://127.0.0.1").doesNotContain("\tat ");
    }
    assertThat(shell.content("db")).isEqualTo(before);
    assertThat(shell.backups("db")).hasSize(1);
    shell.keg("backup", "--no-encryption", "db");
    shell.keg("restore", "--replace", "--yes", "db");
    assertThat(shell.content("db")).isEqualTo(before);
    shell.keg("verify", "--all");
  }

  @Test
  void a_command_leaves_no_socket_behind() throws Exception {
    shell.keg("create", "db");
    shell.with("TMPDIR", scratch.toString()).keg("backup", "--no-encryption", "db");

    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith("keg"));
    }
  }
}
