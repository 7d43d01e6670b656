package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two roots under one host name, such as those of a machine and of its copy. */
class TwinHostsTest {
  private static final List<String> ROOTS = List.of("/keg", "/copy");

  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg", Duration.ofDays(1));

  /** Returns what the command writes to standard error. */
  private String run(String root, Map<String, String> more, String line) {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("KEG_ROOT", root);
    Outcome outcome = keg.run(new Invocation(List.of(line.split(" ")), "", variables));
    assertThat(outcome.exit()).as("%s: %s", line, outcome.errors()).isZero();
    return outcome.errors();
  }

  @BeforeEach
  void create() throws IOException {
    Files.createDirectory(keg.files().getPath("/repo"));
    ROOTS.forEach(root -> run(root, Map.of(), "create db"));
  }

  /** The last of some nights in which both are backed up, with these options. */
  private String nights(Map<String, String> variables, String options) {
    String errors = "";
    for (int night = 0; night < 3; night++) {
      for (String root : ROOTS) {
        errors = run(root, variables, "backup --to /repo -q db" + options);
      }
    }
    return errors;
  }

  @Test
  void they_are_told() {
    assertThat(nights(Map.of(), ""))
        .startsWith("Warning: backup db: another root or machine also backs it up as host ");
  }

  @Test
  void retention_that_counts_both_does_not_hide_them() {
    assertThat(nights(Map.of(), " --keep-last 1")).startsWith("Warning: backup db: another root");
  }

  @Test
  void a_name_that_the_operator_chose_is_shared_on_purpose() {
    assertThat(nights(Map.of("KEG_HOST", "cluster"), "")).isEmpty();
    assertThat(nights(Map.of(), " --host service")).isEmpty();
    ROOTS.forEach(root -> run(root, Map.of(), "config --machine host group"));
    assertThat(nights(Map.of(), "")).isEmpty();
  }
}
