package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The output of {@code keg report} for a root. */
class ReportTest {
  private static final String DATA = "<script id=\"data\" type=\"application/json\">";
  private static final String SCRIPT = "</script><script>alert(1)</script>";

  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");

  private Outcome run(String... words) {
    return keg.run(Invocation.of(words));
  }

  private void mustRun(String... words) {
    Outcome outcome = run(words);
    assertThat(outcome.exit()).as("%s", outcome).isZero();
  }

  private static Map<String, Object> data(String page) throws Exception {
    int start = page.indexOf(DATA) + DATA.length();
    return JsonObject.parse(
        page.substring(start, page.indexOf("</script>", start)).getBytes(UTF_8));
  }

  private static List<Map<String, Object>> rows(Map<String, Object> data, String field) {
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> rows =
        (List<Map<String, Object>>) Objects.requireNonNull(data.get(field));
    return rows;
  }

  @BeforeEach
  void make() throws Exception {
    mustRun("create", "--label", "note=" + SCRIPT, "db");
    Files.writeString(keg.files().getPath("/keg/volumes/db/_data/orders"), "12345");
    Files.createDirectory(keg.files().getPath("/repo"));
    mustRun("backup", "--to", "/repo", "db");
    mustRun("verify", "--repo", "/repo", "db");
  }

  @Test
  void volumes_backups_and_findings_are_in_the_page() throws Exception {
    mustRun("create", "gone");
    Files.delete(keg.files().getPath("/keg/volumes/gone/_data"));

    Outcome outcome = run("report", "--repo", "/repo");

    Map<String, Object> data = data(outcome.output());
    assertThat(outcome.exit()).isZero();
    assertThat(rows(data, "Volumes").getFirst())
        .containsEntry("Name", "db")
        .containsEntry("Labels", Map.of("note", SCRIPT))
        .containsEntry("UsedBytes", "5")
        .containsEntry("Path", "/keg/volumes/db/_data")
        .containsKeys("DriverStatus", "Holders", "LastBackupAt", "Options");
    assertThat(rows(data, "Backups").getFirst())
        .containsEntry("Volume", "db")
        .containsEntry("Host", data.get("Host"))
        .containsEntry("Size", "5");
    assertThat(String.valueOf(rows(data, "Backups").getFirst().get("Verified"))).contains("full");
    assertThat(rows(data, "Findings"))
        .anySatisfy(finding -> assertThat(finding).containsEntry("Subject", "gone"));
  }

  @Test
  void how_long_a_drill_took_to_restore_is_in_the_page_and_in_the_list() throws Exception {
    mustRun("drill", "--from", "/repo", "db");
    try (Stream<Path> checks = Files.walk(keg.files().getPath("/repo/checks"))) {
      Path drill =
          checks.filter(file -> file.toString().contains("-drill-")).findFirst().orElseThrow();
      // The clock stands still during a command here.
      String text = Files.readString(drill).replace("\"time\"", "\"took\":\"PT42.1S\",\"time\"");
      Files.writeString(drill, text);
    }

    Map<String, Object> data = data(run("report", "--repo", "/repo").output());
    assertThat(String.valueOf(rows(data, "Backups").getFirst().get("Verified")))
        .contains("Level=drill", "Seconds=42.1");
    assertThat(run("backups", "--repo", "/repo", "--format", "{{.Verified}}").output())
        .matches("drill \\S+, 42\\.1s\n");
    assertThat(run("backups", "--repo", "/repo", "--json").output()).contains("\"Seconds\":42.1");
  }

  @Test
  void a_password_is_masked() throws Exception {
    mustRun(
        "create",
        "-o",
        "type=cifs",
        "-o",
        "device=//nas/share",
        "-o",
        "o=username=me,password=tulip",
        "share");

    String page = run("report").output();

    assertThat(page).doesNotContain("tulip");
    assertThat(String.valueOf(rows(data(page), "Volumes").getLast().get("Options")))
        .contains("username=me,password=********");
  }

  @Test
  void what_cannot_be_read_is_reported_and_hides_nothing_else() throws Exception {
    mustRun("create", "web");
    Files.writeString(keg.files().getPath("/keg/volumes/web/volume.json"), "{");

    Outcome outcome = run("report", "--repo", "/nowhere", "-o", "/report.html");

    Map<String, Object> data = data(Files.readString(keg.files().getPath("/report.html")));
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(String.valueOf(data.get("Problems"))).contains("/nowhere").contains("web");
    assertThat(rows(data, "Volumes")).hasSize(1);
  }

  @Test
  void only_its_owner_can_read_the_file_and_nothing_is_left_beside_it() throws Exception {
    Path folder = Files.createDirectory(keg.files().getPath("/pages"));
    Path file = folder.resolve("report.html");
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    mustRun("report", "-o", "/pages/report.html");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
