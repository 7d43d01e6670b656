package dev.keg.backup.store.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server whose connection is alive, but whose commands hang, as on a dead network mount, or take
 * long.
 */
@NeedsTool(value = "sh", from = "dash")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class SilentServerTest {
  private static final ObjectName KNOWN = new ObjectName("data/db/known");
  private static final ObjectName NEW = new ObjectName("data/db/new");
  private static final int LARGE = 1 << 20;

  /** Fits into a pipe, so that writing it waits for nobody. */
  private static final int SMALL = 1_000;

  private static final String HANG = "exec sleep 600";

  @TempDir Path temporary;

  private final LocalShell shell = new LocalShell("sh");

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(root().resolve("data/db"));
    Files.createDirectory(root().resolve(".incoming"));
    Files.write(root().resolve(KNOWN.text()), new byte[LARGE]);
    shell.replaceCommands(Files.createDirectory(temporary.resolve("commands")));
  }

  @AfterEach
  void no_process_is_left() {
    assertThat(shell.started()).isNotEmpty().noneMatch(Process::isAlive);
  }

  private Path root() {
    return temporary.resolve("root");
  }

  private ObjectStore store(Duration idle) {
    SshSession session =
        new SshSession(
            new SshTarget(null, "backup.example", 0, root().toString()),
            shell,
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            new SshPatience(idle));
    return new SshStore(session, StoreLimits.NONE, new Random(2));
  }

  private void replace(String command, String script) throws IOException {
    Path file = temporary.resolve("commands").resolve(command);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private interface Action {
    void on(ObjectStore store) throws IOException;
  }

  private record Silence(
      String command,
      String behaviour,
      Action action,
      String operation,
      RemoteScript script,
      int times,
      int seconds) {
    @Override
    public String toString() {
      return command + " in " + script + ": " + behaviour;
    }
  }

  private static Action write(int length) {
    return store -> {
      try (PendingObject object = store.create(NEW, Size.ZERO)) {
        object.write(new byte[length]);
        object.publish();
      }
    };
  }

  private static Action read() {
    return store -> store.read(KNOWN, 0, ByteBuffer.allocate(LARGE));
  }

  private static Silence reading(String command, String behaviour) {
    return new Silence(command, behaviour, read(), "read " + KNOWN, RemoteScript.READ, 2, 0);
  }

  private static Silence sending(String command, String behaviour) {
    String operation = "write " + NEW;
    return new Silence(command, behaviour, write(LARGE), operation, RemoteScript.RECEIVE, 1, 0);
  }

  private static Silence working(
      String command, String behaviour, RemoteScript script, Action action, String operation) {
    return new Silence(command, behaviour, action, operation, script, 1, 1);
  }

  static Stream<Silence> silences() {
    return Stream.of(
        reading("sh", HANG),
        reading("dd", HANG),
        reading("dd", "head -c 100000 /dev/zero; " + HANG),
        sending("mkdir", HANG),
        sending("cat", "head -c 100000 >/dev/null; " + HANG),
        working("cat", "/bin/cat; " + HANG, RemoteScript.RECEIVE, write(SMALL), "write " + NEW),
        working("sync", HANG, RemoteScript.PUBLISH, write(SMALL), "write " + NEW),
        working("find", HANG, RemoteScript.LIST, store -> store.list("data/"), "list data/"),
        working("rm", HANG, RemoteScript.DELETE, store -> store.delete(KNOWN), "delete " + KNOWN),
        working(
            "find",
            HANG,
            RemoteScript.DRAFTS,
            store -> store.clearUnfinished(Instant.EPOCH),
            "clear unfinished writes"));
  }

  @ParameterizedTest
  @MethodSource("silences")
  void a_command_that_hangs_there_is_given_up_with_the_reason(Silence silence) throws IOException {
    replace(silence.command, silence.behaviour);
    try (ObjectStore store = store(Duration.ofMillis(150))) {
      assertThatThrownBy(() -> silence.action.on(store))
          .isInstanceOfSatisfying(
              StoreException.Failed.class,
              e ->
                  assertThat(e.hint())
                      .contains("check the server: its disk, or a network mount there, may hang"))
          .hasMessage(
              "ssh://backup.example%s: %s: nothing was sent or received for %d s"
                  .formatted(root(), silence.operation, silence.seconds));
    }
    assertThat(shell.log().stream().filter(silence.script::equals)).hasSize(silence.times);
    assertThat(shell.resets()).isEqualTo(silence.times);
  }

  @Test
  void a_silence_that_does_not_come_again_costs_one_attempt() throws IOException {
    replace("dd", "mkdir once 2>/dev/null && " + HANG + "; exec /bin/dd \"$@\"");
    try (ObjectStore store = store(Duration.ofSeconds(1))) {
      assertThat(store.read(KNOWN, 0, ByteBuffer.allocate(LARGE))).isEqualTo(LARGE);
    }
    assertThat(shell.log()).containsExactly(RemoteScript.READ, RemoteScript.READ);
  }

  @Test
  void what_takes_long_to_close_sync_or_list_is_awaited() throws IOException {
    String late = "sleep 0.8; exec /bin/";
    replace("cat", "/bin/cat; exec sleep 0.8");
    replace("sync", late + "sync \"$@\"");
    replace("find", late + "find \"$@\"");
    replace("rm", late + "rm \"$@\"");
    try (ObjectStore store = store(Duration.ofMillis(500))) {
      write(SMALL).on(store);
      assertThat(store.list("data/")).hasSize(2);
      store.delete(KNOWN);
    }
    assertThat(root().resolve(KNOWN.text())).doesNotExist();
  }

  @Test
  void a_slow_transfer_is_not_cut_while_bytes_move() throws IOException {
    String slowly = "for i in 1 2 3 4 5 6; do head -c 20000 %s; sleep 0.3; done; ";
    replace("dd", slowly.formatted("/dev/zero") + "exec head -c 928576 /dev/zero");
    replace("cat", slowly.formatted(">/dev/null") + "exec /bin/cat >/dev/null");
    try (ObjectStore store = store(Duration.ofMillis(1_200))) {
      assertThat(store.read(KNOWN, 0, ByteBuffer.allocate(LARGE))).isEqualTo(LARGE);
      try (PendingObject object = store.create(NEW, Size.ZERO)) {
        object.write(new byte[LARGE]);
      }
    }
    assertThat(shell.log())
        .containsExactly(RemoteScript.READ, RemoteScript.RECEIVE, RemoteScript.DISCARD);
  }
}
