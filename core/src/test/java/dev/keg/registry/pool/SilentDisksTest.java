package dev.keg.registry.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SilentDisksTest {
  @Test
  @Timeout(60)
  void a_disk_that_does_not_answer_is_asked_once() {
    CountDownLatch gone = new CountDownLatch(1);
    AtomicInteger looks = new AtomicInteger();
    Supplier<Optional<String>> look =
        () -> {
          looks.incrementAndGet();
          try {
            gone.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          return Optional.empty();
        };
    SilentDisks disks = new SilentDisks(Duration.ofMillis(20));

    assertThat(disks.ask("/mnt/nfs", look)).contains("it does not answer");
    assertThat(disks.ask("/mnt/nfs", look)).contains("it does not answer");
    assertThat(looks).hasValueLessThan(2);
    gone.countDown();
    // A process may outlive the failure.
    while (disks.ask("/mnt/nfs", look).isPresent()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void a_disk_that_answers_is_examined_each_time() {
    SilentDisks disks = new SilentDisks(Duration.ofMinutes(1));

    assertThat(disks.ask("/mnt/nvme", Optional::empty)).isEmpty();
    assertThat(disks.ask("/mnt/nvme", () -> Optional.of("unmounted"))).contains("unmounted");
    assertThat(disks.ask("/mnt/other", () -> Optional.of("unmounted"))).contains("unmounted");
  }

  @Test
  void only_the_first_look_at_a_disk_is_in_a_thread_of_its_own() {
    SilentDisks disks = new SilentDisks(Duration.ofMinutes(1));
    List<Thread> lookers = new ArrayList<>();
    Supplier<Optional<String>> look =
        () -> {
          lookers.add(Thread.currentThread());
          return Optional.empty();
        };

    for (int i = 0; i < 3; i++) {
      assertThat(disks.ask("/mnt/nvme", look)).isEmpty();
    }
    assertThat(disks.ask("/mnt/other", look)).isEmpty();

    assertThat(lookers)
        .extracting(Thread.currentThread()::equals)
        .containsExactly(false, true, true, false);
  }

  @Test
  void a_failed_examination_fails_as_it_would_without_a_thread() {
    SilentDisks disks = new SilentDisks(Duration.ofMinutes(1));

    assertThatThrownBy(
            () ->
                disks.ask(
                    "/mnt/nvme",
                    () -> {
                      throw new IllegalArgumentException("no disk");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no disk");
    assertThatThrownBy(
            () ->
                disks.ask(
                    "/mnt/nvme",
                    () -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void an_interrupted_command_does_not_wait_for_a_disk() {
    SilentDisks disks = new SilentDisks(Duration.ofMinutes(1));
    CountDownLatch gone = new CountDownLatch(1);
    Supplier<Optional<String>> look =
        () -> {
          try {
            gone.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          return Optional.empty();
        };
    Thread.currentThread().interrupt();

    Optional<String> answer = disks.ask("/mnt/nvme", look);

    gone.countDown();
    assertThat(Thread.interrupted()).as("the interruption is kept").isTrue();
    assertThat(answer).contains("interrupted");
  }
}
