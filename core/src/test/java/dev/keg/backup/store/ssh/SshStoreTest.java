package dev.keg.backup.store.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.ObjectStoreContract;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.VirtualLine;
import dev.keg.backup.store.ssh.LocalShell.Behaviour;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The store's scripts in a shell of this machine, without ssh. */
@NeedsTool(value = "sh", from = "dash")
class SshStoreTest extends ObjectStoreContract {
  private static final SshPatience PATIENCE = new SshPatience(SshEnvironment.USUAL_IDLE);

  @TempDir Path temporary;

  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private final LocalShell shell = new LocalShell("sh");

  @Override
  protected ObjectStore openEmpty() throws IOException {
    Files.createDirectory(root());
    return new SshStore(session(root().toString()), StoreLimits.NONE, new Random(1));
  }

  @Test
  void what_is_sent_and_received_is_held_back_to_the_rates() throws IOException {
    VirtualLine up = new VirtualLine(1_000_000);
    VirtualLine down = new VirtualLine(4_000_000);
    StoreLimits limits = StoreLimits.of(up.throttle(), down.throttle(), 1);
    try (ObjectStore store = new SshStore(session(root().toString()), limits, new Random(3))) {
      VirtualLine.transfer(store, 2_000_000);
    }

    assertThat(up.passed()).isBetween(Duration.ofMillis(1900), Duration.ofMillis(2000));
    assertThat(down.passed()).isBetween(Duration.ofMillis(450), Duration.ofMillis(520));
  }

  private Path root() {
    return temporary.resolve("back ups' \"größe\" $HOME `x` *");
  }

  private SshSession session(String path) {
    return new SshSession(
        new SshTarget("op", "backup.example", 2222, path),
        shell,
        new Backoff(new Random(1), pauses::add, _ -> {}),
        PATIENCE);
  }

  static Stream<Arguments> breaks() {
    return Stream.of(
            RemoteScript.PUBLISH, RemoteScript.READ, RemoteScript.LIST, RemoteScript.DELETE)
        .flatMap(
            script ->
                Stream.of(Behaviour.BREAK_BEFORE, Behaviour.BREAK_AFTER)
                    .map(behaviour -> Arguments.of(script, behaviour)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("breaks")
  void a_script_whose_connection_breaks_is_run_again(RemoteScript script, Behaviour behaviour)
      throws IOException {
    put("data/db/known", bytes(10));
    AtomicInteger failures = new AtomicInteger();
    shell.plan(
        asked -> asked == script && failures.incrementAndGet() <= 2 ? behaviour : Behaviour.RUN);
    put("data/db/object", bytes(100_000));

    assertThat(readAll("data/db/object")).isEqualTo(bytes(100_000));
    assertThat(names("")).containsExactly("data/db/known", "data/db/object");
    store().delete(new ObjectName("data/db/object"));
    assertThat(names("")).containsExactly("data/db/known");
    assertThat(pauses).hasSize(2);
    assertThat(shell.resets()).isEqualTo(2);
    assertThat(root().resolve(".incoming")).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(names = {"BREAK_BEFORE", "BREAK_AFTER"})
  void an_object_whose_connection_breaks_while_it_is_written_never_was(Behaviour behaviour)
      throws IOException {
    shell.plan(script -> script == RemoteScript.RECEIVE ? behaviour : Behaviour.RUN);

    assertThatThrownBy(() -> put("data/db/object", bytes(5_000_000)))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessage(store().address() + ": write data/db/object: Connection reset by peer");
    assertThat(names("")).isEmpty();
    assertThat(root().resolve(".incoming"))
        .satisfiesAnyOf(
            incoming -> assertThat(incoming).doesNotExist(),
            incoming -> assertThat(incoming).isEmptyDirectory());
  }

  @Test
  void an_object_that_did_not_arrive_whole_gets_no_name() throws IOException {
    try (PendingObject object = store().create(new ObjectName("data/db/object"), Size.ZERO)) {
      object.write(bytes(1_000));
      shell.plan(
          script -> {
            if (script == RemoteScript.PUBLISH) {
              truncate();
            }
            return Behaviour.RUN;
          });

      assertThatThrownBy(object::publish)
          .isInstanceOf(StoreException.Failed.class)
          .hasMessageEndingWith("write data/db/object: not all of it arrived");
    }
    assertThat(names("")).isEmpty();
  }

  private void truncate() {
    try (Stream<Path> drafts = Files.list(root().resolve(".incoming"))) {
      Files.write(drafts.findFirst().orElseThrow(), new byte[500]);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void a_directory_that_is_not_there_is_an_error() throws IOException {
    Files.delete(root());

    assertThatThrownBy(() -> store().list("backups/"))
        .isInstanceOf(StoreException.Failed.class)
        .hasMessageStartingWith(store().address() + ": list backups/: ");
    assertThatThrownBy(() -> put("data/db/x", bytes(1))).isInstanceOf(StoreException.Failed.class);
    assertThat(root()).doesNotExist();
  }

  @Test
  void a_directory_below_home_is_passed_to_cd_unchanged() throws IOException {
    assertThat(new SshTarget(null, "h", 0, "back ups").address()).isEqualTo("ssh://h/~/back ups");
    assertThatCode(
            () ->
                session(root().toString())
                    .run(ScriptCall.of("open", RemoteScript.PROBE), SshSession.Reader.NOTHING))
        .doesNotThrowAnyException();
  }

  @Test
  void what_a_dead_writer_left_is_cleared_when_it_is_old_enough() throws IOException {
    PendingObject abandoned = store().create(new ObjectName("data/db/x"), Size.ZERO);
    abandoned.write(bytes(100_000));
    abandoned.flush();
    store().list(""); // the draft exists after another script has run
    Path draft = root().resolve(".incoming");

    store().clearUnfinished(Instant.now().minus(Duration.ofDays(1)));
    assertThat(draft).isNotEmptyDirectory();
    store().clearUnfinished(Instant.now().plus(Duration.ofDays(1)));
    assertThat(draft).isEmptyDirectory();
    abandoned.close();
  }

  @Test
  void what_is_written_is_for_its_owner_alone() throws IOException {
    put("data/db/object", bytes(1));

    assertThat(Files.getPosixFilePermissions(root().resolve("data/db/object"))).hasSize(2);
    assertThat(Files.getPosixFilePermissions(root().resolve("data/db"))).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(RemoteScript.class)
  void a_script_is_one_line_that_every_login_shell_hands_on(RemoteScript script) {
    assertThat(script.text()).doesNotContain("'", "\\", "\n", "!");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "ksh", "tcsh", "fish", "busybox sh"})
  void any_login_shell_hands_the_scripts_on(String login) throws IOException {
    List<String> words = List.of(login.split(" ", -1));
    assumeTrue(isInstalled(words.getFirst()), words.getFirst() + " is missing");
    SshSession session =
        new SshSession(
            new SshTarget(null, "h", 0, root().toString()),
            new LocalShell(words.toArray(String[]::new)),
            new Backoff(new Random(1), pauses::add, _ -> {}),
            PATIENCE);
    try (ObjectStore other = new SshStore(session, StoreLimits.NONE, new Random(2))) {
      try (PendingObject object = other.create(new ObjectName("data/db/object"), Size.ZERO)) {
        object.write(bytes(200_000));
        object.publish();
      }
      assertThat(other.list("")).hasSize(1);
      assertThat(other.open(new ObjectName("data/db/object")).readAllBytes())
          .isEqualTo(bytes(200_000));
      other.delete(new ObjectName("data/db/object"));
      assertThat(other.list("")).isEmpty();
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.of("/bin", "/usr/bin")
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  static Stream<Arguments> complaints() {
    String reset = "kex_exchange_identification: read: Connection reset by peer";
    return Stream.of(
        Arguments.of(255, reset, true, reset),
        Arguments.of(
            255,
            "ssh: connect to host h port 22: Connection refused\r",
            true,
            "ssh: connect to host h port 22: Connection refused"),
        Arguments.of(255, "", true, "the connection was lost"),
        Arguments.of(
            255,
            "op@h: Permission denied (publickey).",
            false,
            "op@h: Permission denied (publickey)."),
        Arguments.of(255, "Host key verification failed.", false, "Host key verification failed."),
        Arguments.of(
            255,
            "ssh: Could not resolve hostname h: Name or service not known",
            false,
            "ssh: Could not resolve hostname h: Name or service not known"),
        Arguments.of(65, "sh: 1: cd: can't cd to /x", false, "sh: 1: cd: can't cd to /x"),
        Arguments.of(65, "", false, "no such directory"),
        Arguments.of(
            1,
            "dd: error reading 'x': Input/output error\n0+0 records in\n0+0 records out\n"
                + "0 bytes copied, 0.0 s, 0 B/s",
            false,
            "dd: error reading 'x': Input/output error"),
        Arguments.of(
            1,
            "stat: cannot statx 'x': No such file or directory",
            true,
            "stat: cannot statx 'x': No such file or directory"),
        Arguments.of(127, "sh: dd: not found", false, "sh: dd: not found"),
        Arguments.of(
            3, "Warning: Permanently added 'h' to the list of known hosts.", false, "exit code 3"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("complaints")
  void what_ssh_says_is_passed_on(int exitCode, String complaint, boolean retryable, String why) {
    StoreException failure = new SshFailures("ssh://h/x").of("list", exitCode, complaint);

    assertThat(failure).hasMessage("ssh://h/x: list: " + why);
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @Test
  void addresses_are_written_as_they_were_read() {
    assertThat(store().address()).isEqualTo("ssh://op@backup.example:2222" + root());
    assertThat(new SshTarget(null, "::1", 0, "/srv").address()).isEqualTo("ssh://[::1]/srv");
  }

  @Test
  void a_host_or_user_that_ssh_would_take_for_an_option_is_refused() {
    for (String word : Arrays.asList("-oProxyCommand=x", "", "a b", "a;b", "$(x)")) {
      assertThatThrownBy(() -> new SshTarget(null, word, 0, "/srv"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new SshTarget(word, "host", 0, "/srv"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
