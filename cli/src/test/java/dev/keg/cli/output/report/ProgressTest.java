package dev.keg.cli.output.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.output.report.Progress.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

public class ProgressTest {
  @Test
  void a_line_has_the_rate_and_the_time_left() {
    State state = new State("backup db", 400_000_000, 100_000_000, 1, Duration.ofSeconds(10));

    assertThat(ProgressLine.text(state))
        .isEqualTo("backup db  25%  100MB of 400MB  1 file  10MB/s  0:30 left");
  }

  @Test
  void a_part_of_one_large_file_is_no_file() {
    State state = new State("backup db", 400_000_000, 100_000_000, 0, Duration.ofSeconds(10));

    assertThat(ProgressLine.text(state))
        .isEqualTo("backup db  25%  100MB of 400MB  10MB/s  0:30 left");
  }

  @Test
  void a_long_name_is_cut_so_that_the_line_fits_a_terminal() {
    String task = "restore " + "long-name-".repeat(20);
    State state =
        new State(task, 123_456_789_012_345L, 1_234_567_890_123L, 1, Duration.ofSeconds(7));

    assertThat(ProgressLine.text(state))
        .hasSize(79)
        .startsWith("restore long-")
        .contains("…  0%  1.235TB of 123.5TB  1 file  176.4GB/s  11:34 left");
  }

  @Test
  void a_program_gets_numbers() {
    State state = new State("backup db", 400, 100, 2, Duration.ofMillis(1500));

    assertThat(ProgressObjects.text(state))
        .isEqualTo(
            "{\"Progress\":\"backup"
                + " db\",\"Bytes\":100,\"ExpectedBytes\":400,\"Files\":2,\"Seconds\":1.5}");
  }
}
