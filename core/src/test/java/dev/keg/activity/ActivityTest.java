package dev.keg.activity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ActivityTest {
  @Test
  void figures_are_for_each_second() {
    Counters before = new Counters(10, 1000, 20, 2000, OptionalLong.of(100), OptionalLong.of(500));
    Counters after = new Counters(30, 5000, 20, 2000, OptionalLong.of(1100), OptionalLong.of(4500));

    assertThat(Activity.between(before, after, Duration.ofSeconds(2)))
        .isEqualTo(
            new Activity(
                10,
                2000,
                0,
                0,
                OptionalDouble.of(2),
                OptionalDouble.of(200),
                OptionalDouble.of(0.5)));
  }

  @Test
  void a_device_is_never_busy_longer_than_the_time() {
    Counters before = new Counters(0, 0, 0, 0, OptionalLong.of(0), OptionalLong.empty());
    Counters after = new Counters(0, 0, 0, 0, OptionalLong.of(1004), OptionalLong.empty());

    Activity activity = Activity.between(before, after, Duration.ofSeconds(1));

    assertThat(activity.busy()).hasValue(1);
    assertThat(activity.queue()).isEmpty();
    assertThat(activity.waitMillis()).isEmpty();
  }

  @Test
  void without_a_request_nothing_waits() {
    Counters idle = new Counters(7, 0, 7, 0, OptionalLong.of(0), OptionalLong.of(9));

    assertThat(Activity.between(idle, idle, Duration.ofSeconds(1)).waitMillis()).hasValue(0);
  }
}
