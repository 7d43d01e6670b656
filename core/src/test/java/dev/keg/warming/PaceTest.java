package dev.keg.warming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
  private Instant now = Instant.EPOCH;

  @Test
  void without_a_limit_nobody_waits() {
    Pace pace = new Pace(0, () -> now);

    assertThat(pace.reserve(1L << 40)).isZero();
    assertThat(pace.reserve(1)).isZero();
  }

  @Test
  void each_waits_for_those_before() {
    Pace pace = new Pace(1000, () -> now);

    assertThat(pace.reserve(500)).isZero();
    assertThat(pace.reserve(500)).isEqualTo(Duration.ofMillis(500));
    assertThat(pace.reserve(1)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void time_in_which_nobody_reads_is_not_made_up_for() {
    Pace pace = new Pace(1000, () -> now);
    assertThat(pace.reserve(1000)).isZero();

    now = now.plusSeconds(60);

    assertThat(pace.reserve(1000)).isZero();
    assertThat(pace.reserve(1)).isEqualTo(Duration.ofSeconds(1));
  }
}
