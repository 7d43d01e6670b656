package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Neither the native binary nor Java starts without /proc, and their own messages do not name the
 * cause.
 */
@NeedsRoot
@Tag("native")
class WithoutProcIT {
  @Test
  void what_is_missing_is_reported_with_its_remedy() throws Exception {
    List<String> hidden =
        List.of("unshare", "-m", "sh", "-c", "umount -l /proc && exec \"$0\" \"$@\"");

    Outcome outcome =
        new ProcessRunner(hidden, BuiltProgram.ENVIRONMENT, Duration.ofMinutes(1))
            .run(new Invocation(List.of(BuiltProgram.path(), "ls"), "", Map.of()));

    String errors =
        BuiltProgram.isNative()
            ? "Error: cannot read /proc/self/maps: No such file or directory\n"
            : "keg: /proc is not mounted, and Java does not start without it\n";
    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                "",
                errors + "Hint: mount it, also in a chroot: mount -t proc proc /proc\n",
                BuiltProgram.isNative() ? 125 : 1));
  }
}
