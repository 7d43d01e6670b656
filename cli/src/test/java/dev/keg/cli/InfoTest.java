package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code keg info} must also work when something is broken. */
class InfoTest {
  @Test
  void a_broken_configuration_is_reported_and_hides_nothing_else() throws Exception {
    MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "");
    Path file = keg.files().getPath("/conf/keg/config.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{");

    Outcome outcome =
        keg.run(new Invocation(List.of("info"), "", Map.of("XDG_CONFIG_HOME", "/conf")));

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.output())
        .containsOnlyOnce("Problems:      " + file + ": it is cut off\n")
        .contains("Version: ", "Programs: ", "XDG_CONFIG_HOME=/conf");
  }
}
