package dev.keg.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.ObjectStoreContract;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.ssh.SshEnvironment;
import dev.keg.backup.store.ssh.SshStore;
import dev.keg.backup.store.ssh.SshTarget;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.server.Sshd;
import dev.keg.program.Programs;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store contract, and failures, through a real ssh against a real sshd. */
@NeedsTime
@NeedsTool(value = "ssh", from = "openssh-client")
@NeedsTool(value = "ssh-keygen", from = "openssh-client")
@NeedsTool(value = "sshd", from = "openssh-server")
class SshStoreIT extends ObjectStoreContract {
  @TempDir static Path scratch;
  private static Sshd server;
  private static int place;

  @TempDir Path temporary;

  @BeforeAll
  static void startServer() throws Exception {
    server = Sshd.start(scratch);
  }

  @AfterAll
  static void stopServer() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected ObjectStore openEmpty() throws IOException {
    place++;
    Files.createDirectory(directory());
    return open(server, server.clientConfiguration());
  }

  /** A listing has no pages here, and each object costs an sshd two sessions. */
  @Override
  protected int many() {
    return 5;
  }

  private static Path directory() {
    return scratch.resolve("back ups' größe " + place);
  }

  private SshStore open(Sshd sshd, Path configuration) throws StoreException {
    // The user's ssh with a configuration for the test; everything else is as in normal use.
    LocalTools tools = new LocalTools(System.getenv(), _ -> {});
    Programs configured =
        command -> {
          List<String> words = new ArrayList<>(command);
          words.addAll(1, List.of("-F", configuration.toString()));
          return tools.start(words);
        };
    return SshStore.open(
        new SshTarget(null, "127.0.0.1", sshd.port(), directory().toString()),
        new SshEnvironment(
            configured,
            temporary,
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            SshEnvironment.USUAL_IDLE,
            new Random(place)));
  }

  @Test
  void all_goes_through_one_connection() throws IOException {
    int before = server.connections();
    put("data/db/a", bytes(100));
    put("data/db/b", bytes(100_000));
    readAll("data/db/a");
    names("");

    assertThat(server.connections()).isEqualTo(before);
  }

  @Test
  void a_key_that_is_not_known_is_refused() throws Exception {
    Path stranger = server.clientConfiguration(Sshd.generateKey(scratch.resolve("stranger")));

    assertThatThrownBy(() -> open(server, stranger))
        .isInstanceOf(StoreException.Failed.class)
        .hasMessageContaining(": open: ")
        .hasMessageContaining("Permission denied");
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).as("the sockets' directories: that of the store under test").hasSize(1);
    }
  }

  @Test
  void a_host_that_is_not_the_one_that_is_known_is_refused() throws Exception {
    try (Sshd impostor = Sshd.start(Files.createDirectory(temporary.resolve("other")))) {
      Files.writeString(
          impostor.knownHosts(),
          Files.readString(server.knownHosts())
              .replace(":" + server.port(), "")
              .replaceAll("\\[127\\.0\\.0\\.1]\\S*", "[127.0.0.1]:" + impostor.port()));

      assertThatThrownBy(() -> open(impostor, impostor.clientConfiguration()))
          .isInstanceOf(StoreException.Failed.class)
          .hasMessageContaining("Host key verification failed");
    }
  }

  @Test
  void a_directory_that_is_not_there_is_an_error() throws IOException {
    place++;

    assertThatThrownBy(() -> open(server, server.clientConfiguration()))
        .isInstanceOf(StoreException.Failed.class)
        .hasMessageContaining(": open: ")
        .hasMessageContaining("can't cd to");
  }

  @Test
  void a_server_that_is_gone_is_given_up_soon() throws Exception {
    Sshd mortal = Sshd.start(Files.createDirectory(temporary.resolve("mortal")));
    mortal.close();

    assertThatThrownBy(() -> open(mortal, mortal.clientConfiguration()))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("Connection refused");
  }

  @Test
  void a_server_that_goes_away_in_the_middle_of_an_upload_leaves_no_object() throws Exception {
    try (Sshd mortal = Sshd.start(Files.createDirectory(temporary.resolve("mortal")));
        SshStore store = open(mortal, mortal.clientConfiguration())) {
      assertThatThrownBy(
              () -> {
                try (PendingObject object =
                    store.create(new ObjectName("data/db/large"), Size.ZERO)) {
                  object.write(bytes(5_000_000));
                  mortal.kill();
                  object.write(bytes(20_000_000));
                  object.publish();
                }
              })
          .isInstanceOf(StoreException.class);
    }
    assertThat(directory().resolve("data")).doesNotExist();
  }

  @Test
  void a_lost_connection_is_made_again() throws Exception {
    put("data/db/object", bytes(100_000));
    server.dropConnections();

    assertThat(readAll("data/db/object")).isEqualTo(bytes(100_000));
    put("data/db/other", bytes(10));
    assertThat(names("")).containsExactly("data/db/object", "data/db/other");
  }

  @Test
  void a_store_that_is_closed_leaves_no_socket_and_no_process() throws Exception {
    store().close();

    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
    assertThat(ProcessHandle.current().children().map(child -> child.info().command().orElse("")))
        .noneMatch(command -> command.endsWith("/ssh"));
  }
}
