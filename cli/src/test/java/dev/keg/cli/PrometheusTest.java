package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The expectations of {@code promtool check metrics} and the node exporter for {@code keg df}. */
class PrometheusTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(keg_volume_[a-z_]+)\\{volume=\"[a-z]+\",driver=\"local\",type=\"directory\"} [0-9.]+");

  private MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");

  @BeforeEach
  void two_volumes_and_a_backup() throws Exception {
    keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");
    Files.createDirectories(keg.files().getPath("/repo"));
    Files.createDirectories(keg.files().getPath("/metrics"));
    run("create", "db");
    run("create", "web");
    Files.write(keg.files().getPath("/keg/volumes/db/_data/file"), new byte[1234]);
    run("backup", "--to", "/repo", "--quiet", "db");
  }

  private String run(String... arguments) {
    var outcome = keg.run(Invocation.of(arguments));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome.output();
  }

  private List<String> metrics() {
    return run("df", "--format", "prometheus", "--repo", "/repo").lines().toList();
  }

  @Test
  void every_metric_has_its_help_and_type_once_and_in_front() {
    String name = "";
    for (String line : metrics()) {
      if (line.startsWith("# HELP ")) {
        name = line.split(" ", -1)[2];
        assertThat(metrics()).containsOnlyOnce(line, "# TYPE " + name + " gauge");
        assertThat(name).doesNotMatch(".*_(total|count|sum|bucket|info)|.*percent.*|.*[A-Z:].*");
      } else if (!line.startsWith("# TYPE ")) {
        var sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        assertThat(sample.group(1)).isEqualTo(name);
      }
    }
  }

  @Test
  void the_figures_are_those_of_each_volume() {
    String db = "{volume=\"db\",driver=\"local\",type=\"directory\"} ";

    assertThat(metrics())
        .contains(
            "keg_volume_data_bytes" + db + "1234",
            "keg_volume_files" + db + "1",
            "keg_volume_directories" + db + "1",
            "keg_volume_holders" + db + "0",
            "keg_volume_last_backup_timestamp_seconds" + db + "1795168855")
        .noneMatch(line -> line.startsWith("keg_volume_last_backup") && line.contains("web"));
  }

  @Test
  void the_file_is_replaced_and_may_be_read_by_everybody() throws Exception {
    Path file = keg.files().getPath("/metrics/keg.prom");
    Files.writeString(file, "old");

    assertThat(run("df", "--format", "prometheus", "-o", file.toString())).isEmpty();

    assertThat(Files.readString(file)).isEqualTo(run("df", "--format", "prometheus"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }
}
