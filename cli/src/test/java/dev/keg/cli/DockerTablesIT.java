package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keg.cli.output.table.RowsTest;
import dev.keg.cli.template.TemplateTest;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.condition.NeedsTool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The expected tables match docker's output. Each line starts a process. Only another version of
 * docker or a changed line can change the result.
 */
@NeedsTime
@NeedsTool(value = "docker", from = "docker-cli")
class DockerTablesIT {
  @TempDir private Path home;

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void inspect_does_with_every_template_what_the_table_says() throws Exception {
    try (DockerClient docker = DockerClient.of(TemplateTest.class, "volumes.json", home)) {
      assumeKnown(docker.version());
      List<DockerCase> wrong = new ArrayList<>();
      for (DockerCase example : DockerCase.all(TemplateTest.class, "docker.txt")) {
        if (!docker.agrees(example, List.of("volume", "inspect", "-f", example.format(), "v1"))) {
          wrong.add(example);
        }
      }
      assertThat(wrong).isEmpty();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void ls_does_with_every_format_what_the_table_says() throws Exception {
    try (DockerClient docker = DockerClient.of(RowsTest.class, "volumes.json", home)) {
      assumeKnown(docker.version());
      List<DockerCase> wrong = new ArrayList<>();
      for (DockerCase example : DockerCase.all(RowsTest.class, "ls.txt")) {
        List<String> arguments =
            new ArrayList<>(List.of("volume", "ls", "--format", example.format()));
        if (example.quiet()) {
          arguments.add("--quiet");
        }
        if (!docker.agrees(example, arguments)) {
          wrong.add(example);
        }
      }
      assertThat(wrong).isEmpty();
    }
  }

  private static void assumeKnown(String version) {
    assumeTrue(
        version.startsWith("28.2."),
        "the tables are of docker 28.2, whose Go has messages of its own; here is " + version);
  }
}
