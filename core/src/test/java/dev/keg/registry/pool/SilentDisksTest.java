package dev.keg.registry.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
  void a_disk_that_answers_is_looked_at_each_time() {
    SilentDisks disks = new SilentDisks(Duration.ofMinutes(1));

    assertThat(disks.ask("/mnt/nvme", Optional::empty)).isEmpty();
    assertThat(disks.ask("/mnt/nvme", () -> Optional.of("unmounted"))).contains("unmounted");
  }
}
