package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.server.FakeEtcd;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** A command with {@code --format} is offered the fields and the formats that it takes. */
class FormatCompletionTest {
  /** How each command lists at least one row. */
  private static final Map<String, String> LISTS =
      Map.ofEntries(
          Map.entry("backups", "backups --repo /repo"),
          Map.entry("check", "check gone"),
          Map.entry("config", "config"),
          Map.entry("df", "df --repo /repo"),
          Map.entry("drivers", "drivers"),
          Map.entry("forget", "forget --repo /repo --keep-last 1 --dry-run"),
          Map.entry("host", "host ls --root etcd://ETCD/keg --data /host"),
          Map.entry("inspect", "inspect db"),
          Map.entry("ls", "ls"),
          Map.entry("maintain", "maintain --dry-run"),
          Map.entry("mount", "mount"),
          Map.entry("policy", "policy"),
          Map.entry("pool", "pool"),
          Map.entry("repo", "repo"),
          Map.entry("snapshot", "snapshot ls"),
          Map.entry("stats", "stats db"),
          Map.entry("tune", "tune db"),
          Map.entry("warm", "warm db"));

  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");
  private FakeEtcd etcd;

  @BeforeEach
  void something_of_everything() throws IOException {
    etcd = new FakeEtcd(new FakeEtcd.Cluster(), false);
    Files.createDirectories(keg.files().getPath("/mnt/db"));
    Files.createDirectories(keg.files().getPath("/repo"));
    for (String line :
        List.of(
            "create db",
            "create --label keg.backup.to=/repo --label keg.backup.every=1d due",
            "create gone",
            "mount db /mnt/db",
            "backup --to /repo db",
            "snapshot create db one",
            "registry init --root etcd://ETCD/keg --data /host",
            "host beat --root etcd://ETCD/keg --data /host")) {
      Outcome outcome = run(words(line));
      assertThat(outcome.exit()).as("%s: %s", line, outcome).isZero();
    }
    Files.delete(keg.files().getPath("/keg/volumes/gone/_data"));
  }

  @AfterEach
  void the_server_ends() {
    etcd.close();
  }

  private List<String> words(String line) {
    return Arrays.asList(line.replace("ETCD", etcd.host()).split(" ", -1));
  }

  private Outcome run(List<String> words) {
    return keg.run(Invocation.of(words.toArray(String[]::new)));
  }

  private List<String> offered(String command, String begun) {
    Outcome outcome = run(List.of("__complete", "--", command, "--format", begun));
    return outcome.output().lines().filter(word -> !word.startsWith(":")).toList();
  }

  private Outcome listed(String command, String format) {
    List<String> words = new ArrayList<>(words(LISTS.getOrDefault(command, command)));
    words.addAll(List.of("--format", format));
    return run(words);
  }

  static Stream<String> commands() {
    return ShellCommands.model().getSubcommands().values().stream()
        .filter(command -> command.getCommandSpec().findOption("--format") != null)
        .map(CommandLine::getCommandName)
        .distinct();
  }

  @Test
  void every_command_is_examined() {
    assertThat(commands()).containsExactlyInAnyOrderElementsOf(LISTS.keySet());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void only_fields_of_its_rows(String command) {
    List<String> fields = offered(command, "{{");
    assertThat(fields).as("offered").hasSizeGreaterThan(1);
    Outcome outcome = listed(command, String.join("", fields));
    assertThat(outcome.errors()).doesNotContain("template", "field");
    assertThat(outcome.output()).as(command).isNotBlank();
  }

  /** The rows as JSON have all fields except those that only a template shows. */
  @ParameterizedTest
  @MethodSource("commands")
  void every_field_that_it_prints(String command) throws InvalidDocument {
    List<String> fields = offered(command, "{{");
    String row = unlisted(listed(command, "json").output().lines().findFirst().orElse(command));
    Set<String> printed = JsonObject.parse(row.getBytes(UTF_8)).keySet();
    assertThat(fields).containsAll(printed.stream().map("{{.%s}}"::formatted).toList());
  }

  /** {@code inspect} prints an array. */
  private static String unlisted(String row) {
    return row.startsWith("[") ? row.substring(1, row.length() - 1) : row;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void formats_that_it_takes(String command) {
    assertThat(offered(command, "")).contains("json");
    for (String format : offered(command, "")) {
      // A format that it does not know would be a template that prints itself.
      assertThat(listed(command, format).output().lines()).doesNotContain(format);
    }
  }

  @Test
  void formats_of_one_command() {
    assertThat(offered("stats", "")).containsExactly("json", "prometheus", "raw", "table");
    assertThat(offered("df", "p")).containsExactly("prometheus");
    assertThat(offered("check", "n")).containsExactly("nagios");
    assertThat(offered("ls", "")).containsExactly("json", "raw", "table");
    assertThat(offered("inspect", "")).containsExactly("json");
  }
}
