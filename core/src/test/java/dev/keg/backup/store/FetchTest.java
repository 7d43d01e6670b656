package dev.keg.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class FetchTest {
  @Test
  void an_interruption_cancels_and_is_not_a_bug() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> Fetch.each(List.of(1, 2, 3), FetchTest::slowly));
    assertThat(Thread.interrupted()).isTrue();
  }

  /** Takes long unless it is interrupted. */
  private static int slowly(int number) {
    LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1));
    return number;
  }
}
