package dev.keg.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

public class ThrottleTest {
  private long now = Long.MAX_VALUE - 7;
  private final List<Long> pauses = new ArrayList<>();

  private Throttle throttle(long rate) {
    return new Throttle(
        rate,
        () -> now,
        time -> {
          pauses.add(time.toMillis());
          now += time.toNanos();
        });
  }

  @Test
  void bytes_wait_until_those_before_them_have_passed() {
    Throttle throttle = throttle(1000);

    throttle.take(500);
    assertThat(pauses).isEmpty();
    throttle.take(2000);
    throttle.take(1);
    assertThat(pauses).containsExactly(500L, 2000L);
  }

  @Test
  void time_in_which_nothing_passes_is_not_saved() {
    Throttle throttle = throttle(1000);
    throttle.take(100);
    now += Duration.ofHours(1).toNanos();

    throttle.take(1000);
    throttle.take(1);

    assertThat(pauses).containsExactly(1000L);
  }

  @Test
  void without_a_rate_nothing_waits() {
    Throttle throttle = throttle(0);

    throttle.take(Integer.MAX_VALUE);
    throttle.take(Integer.MAX_VALUE);
    Throttle.NONE.take(1);

    assertThat(pauses).isEmpty();
  }

  @Test
  void a_waiting_caller_learns_the_time_beforehand() {
    Throttle throttle = throttle(1000);
    List<Long> heard = new ArrayList<>();
    throttle.take(100, heard::add);

    throttle.take(1, heard::add);

    assertThat(heard).containsExactly(Duration.ofMillis(100).toNanos());
  }

  @Test
  void an_interrupted_thread_continues_and_stays_interrupted() {
    Throttle throttle =
        new Throttle(
            1,
            () -> 0,
            _ -> {
              throw new InterruptedException();
            });
    throttle.take(1);

    throttle.take(1);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void a_connection_is_given_back_whatever_became_of_the_request() throws StoreException {
    StoreLimits limits = StoreLimits.of(Throttle.NONE, Throttle.NONE, 3);

    assertThat(limits.<Integer>connected(limits.connections()::availablePermits)).isEqualTo(2);
    assertThatThrownBy(
            () ->
                limits.connected(
                    () -> {
                      throw new StoreException.Failed("memory:", "read", "broken", null);
                    }))
        .isInstanceOf(StoreException.Failed.class);
    assertThat(limits.connections().availablePermits()).isEqualTo(3);
  }
}
