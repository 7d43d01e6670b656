package dev.keg.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.volume.Size;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private static Progress progress(String what, long expected) {
    return new Progress(
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        CLOCK,
        what,
        new Size(expected));
  }

  @Test
  void a_line_has_the_rate_and_the_time_left() {
    Progress progress = progress("backup db", 400_000_000);
    progress.advanced(100_000_000);
    assertThat(progress.line(Duration.ofSeconds(10)))
        .isEqualTo("backup db  25%  100MB of 400MB  1 file  10MB/s  0:30 left");
  }

  @Test
  void a_long_name_is_cut_so_that_the_line_fits_a_terminal() {
    Progress progress = progress("restore " + "long-name-".repeat(20), 123_456_789_012_345L);
    progress.advanced(1_234_567_890_123L);
    assertThat(progress.line(Duration.ofSeconds(7)))
        .hasSize(79)
        .startsWith("restore long-")
        .contains("…  0%  1.235TB of 123.5TB  1 file  176.4GB/s  11:34 left");
  }
}
