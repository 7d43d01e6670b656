package dev.keg.cli.output.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.output.report.Progress.State;
import dev.keg.cli.output.report.Progress.View;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.volume.VolumeName;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class RestoreReportTest {
  private static final View HIDDEN =
      new View() {
        @Override
        public Duration pause() {
          return Duration.ofDays(1);
        }

        @Override
        public void show(State state) {}

        @Override
        public void end(State state, boolean shown) {}
      };

  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final RestoreReport report =
      new RestoreReport(
          new PrintStream(errors, false, UTF_8),
          new VolumeName("db"),
          new Progress(HIDDEN, InstantSource.fixed(Instant.EPOCH), "restore db", 0));

  @Test
  void lists_of_windows_hide_nothing_else_that_was_lost() {
    for (int i = 0; i < 30; i++) {
      report.note(TreePath.ROOT, Note.LOST, "windows.sddl: not supported");
    }
    report.note(TreePath.ROOT, Note.LOST, "owner 7:7: not permitted");

    String _ = report.summary();

    assertThat(errors.toString(UTF_8).lines())
        .containsExactly(
            "Warning: restore db: .: cannot be preserved here: windows.sddl: not supported",
            "Warning: restore db: .: cannot be preserved here: owner 7:7: not permitted",
            "Warning: restore db: and 29 more");
  }
}
