package dev.keg.cli.output.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.output.report.Progress.State;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

public class ProgressTest {
  @Test
  void a_line_has_the_rate_and_the_time_left() {
    State state = new State("backup db", 400_000_000, 100_000_000, 1, Duration.ofSeconds(10));

    assertThat(ProgressLine.text(state, 79))
        .isEqualTo("backup db  25%  100MB of 400MB  1 file  10MB/s  0:30 left");
  }

  @Test
  void a_part_of_one_large_file_does_not_count_as_a_file() {
    State state = new State("backup db", 400_000_000, 100_000_000, 0, Duration.ofSeconds(10));

    assertThat(ProgressLine.text(state, 79))
        .isEqualTo("backup db  25%  100MB of 400MB  10MB/s  0:30 left");
  }

  @Test
  void a_long_name_is_cut_so_that_the_line_fits_a_terminal() {
    String task = "restore " + "long-name-".repeat(20);
    State state =
        new State(task, 123_456_789_012_345L, 1_234_567_890_123L, 1, Duration.ofSeconds(7));

    assertThat(ProgressLine.text(state, 79))
        .hasSize(79)
        .startsWith("restore long-")
        .contains("…  0%  1.235TB of 123.5TB  1 file  176.4GB/s  11:34 left");
  }

  @Test
  void a_narrow_terminal_gets_what_fits_and_is_asked_for_its_width_once() {
    var bytes = new ByteArrayOutputStream();
    var widths = new ArrayDeque<>(List.of(40));
    var line = new ProgressLine(new PrintStream(bytes, false, UTF_8), widths::removeFirst);
    State state = new State("backup db", 400_000_000, 100_000_000, 12, Duration.ofSeconds(10));

    line.show(state);
    line.show(state);

    assertThat(bytes.toString(UTF_8).split("\r\033\\[K"))
        .containsExactly(
            "",
            "…  25%  100MB of 400MB  12 files  10MB/",
            "…  25%  100MB of 400MB  12 files  10MB/");
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
