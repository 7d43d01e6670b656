package dev.keg.backup.store.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.ssh.LocalShell.Behaviour;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.program.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Connections of an ssh that is a script of this machine. */
@NeedsTool(value = "sh", from = "dash")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class SshShellTest {
  private static final SshTarget TARGET = new SshTarget("op", "backup.example", 0, "/srv");
  private static final int WAITING = 4;

  @TempDir Path temporary;

  private final List<Process> started = Collections.synchronizedList(new ArrayList<>());

  /** An ssh that does this instead. */
  private Programs ssh(String script) {
    return command -> {
      assertThat(command.getFirst()).isEqualTo("ssh");
      Process process = new ProcessBuilder("sh", "-c", script).start();
      started.add(process);
      return new LocalShell.LocalProcess(process, Behaviour.RUN);
    };
  }

  @AfterEach
  void neither_process_nor_socket_is_left() {
    assertThat(started).isNotEmpty().noneMatch(Process::isAlive);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void a_login_that_never_ends_is_given_up_with_the_reason() {
    SshEnvironment environment =
        new SshEnvironment(
            ssh("exec sleep 600"),
            temporary,
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            Duration.ofMillis(400),
            new Random(2));

    assertThatThrownBy(() -> SshStore.open(TARGET, environment))
        .isInstanceOfSatisfying(
            StoreException.Failed.class,
            e -> assertThat(e.hint()).contains("`ssh` to that host must work without Keg first"))
        .hasMessage("ssh://op@backup.example/srv: open: no login within 1 s");
    assertThat(started).hasSize(1);
  }

  @Test
  void those_who_wait_for_a_connection_share_its_failure() throws Exception {
    CountDownLatch tried = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    Programs failing = ssh("exit 255");
    Programs slow =
        command -> {
          tried.countDown();
          try {
            fail.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return failing.start(command);
        };
    List<IOException> failures = Collections.synchronizedList(new ArrayList<>());
    try (SshShell shell = new SshShell(TARGET, slow, temporary, Duration.ofMinutes(1))) {
      List<Thread> threads = new ArrayList<>();
      threads.add(start(shell, failures));
      tried.await();
      for (int i = 0; i < WAITING; i++) {
        threads.add(start(shell, failures));
      }
      while (threads.stream()
          .skip(1)
          .anyMatch(thread -> thread.getState() != Thread.State.BLOCKED)) {
        Thread.onSpinWait();
      }
      fail.countDown();
      for (Thread thread : threads) {
        thread.join();
      }

      assertThat(failures).hasSize(1 + WAITING).hasOnlyElementsOfType(SshShell.NoConnection.class);
      assertThat(started).hasSize(1);
      // A later attempt is a new one.
      assertThatThrownBy(() -> shell.start(RemoteScript.PROBE, List.of("/srv")))
          .isInstanceOf(SshShell.NoConnection.class);
      assertThat(started).hasSize(2);
    }
  }

  private static Thread start(SshShell shell, List<IOException> failures) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                shell.start(RemoteScript.PROBE, List.of("/srv")).close();
              } catch (IOException e) {
                failures.add(e);
              }
            });
  }
}
