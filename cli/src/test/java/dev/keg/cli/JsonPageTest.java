package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.server.FakeEtcd;
import dev.keg.fixtures.server.FakeRegistry;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The page on JSON output has every field that a command prints. */
class JsonPageTest {
  private static final Path PAGE = PagesTest.DOCS.resolve("json.md");

  /** Objects whose keys the user chooses. */
  private static final Set<String> FREE = Set.of("Labels", "Options", "Environment");

  private static final List<String> SESSION =
      List.of(
          "create --json --label tier=gold db",
          "mount --json db /mnt/db",
          "mount --json",
          "mount --json db",
          "backup --to /repo --json db",
          "update --json --label-add tier=silver db",
          "backup --to /repo --json db",
          "backup -o /db.tar.zst --json db",
          "backups --repo /repo --json",
          "backups --repo /repo --stats --json",
          "backups ls --repo /repo --json db@latest",
          "backups find --repo /repo --json f",
          "check --json",
          "config --json",
          "config --json --machine level 3",
          "config --json --machine --unset level",
          "cp --json db:f db:g",
          "df --json --repo /repo",
          "drill --json --from /repo db",
          "drivers --json",
          "drivers --json local",
          "info --json",
          "inspect --json db",
          "ls --json --size",
          "maintain --json",
          "maintain --json --dry-run",
          "policy --json",
          "snapshot create --json db one",
          "cp -q db:f db:h",
          "snapshot diff --json db one",
          "snapshot ls --json db",
          "clone --json db@one copy",
          "unmount --json /mnt/db",
          "unmount --json db",
          "export --json -o /db.tar db",
          "import --json db /db.tar",
          "snapshot restore --yes --json db one",
          "restore --undo --json db",
          "snapshot rm --json db one",
          "restore --from /repo --to copy2 --dry-run --json db",
          "restore --from /repo --to copy2 --json db",
          "push --json db REGISTRY/db",
          "pull --json REGISTRY/db pulled",
          "stats --json db",
          "tune --json db",
          "warm --json db",
          "tune --json --atime noatime db",
          "report --repo /repo --json -o /report.html",
          "verify --repo /repo --json",
          "verify --repo /db.tar.zst --json",
          "forget --repo /repo --keep-last 1 --max-unused 5% --json",
          "repo --json",
          "repo trust --json /repo",
          "repo distrust --json /repo",
          "repo upgrade --json /repo",
          "pool add --json fast /fast",
          "pool --json",
          "df --by pool --json",
          "pool rm --json fast",
          "registry init --json --root etcd://ETCD/keg --data /host",
          "registry init --json --root etcd://ETCD/keg --data /other",
          "registry check --json --root etcd://ETCD/keg --data /host",
          "host beat --root etcd://ETCD/keg --data /host",
          "host ls --json --root etcd://ETCD/keg --data /other",
          "rename --json copy2 copy3",
          "move --json no-such ssh://host",
          "rm --json copy3",
          "create -d image -o size=4m -o fs=none disk",
          "attach --json disk vm1",
          "detach --json disk vm1",
          "resize --json no-such 8m",
          "compact --json no-such",
          "adopt --json /file.img",
          "create --json",
          "prune --json --dry-run",
          "prune --json --force",
          "version --json",
          "ls --json --no-such");

  private static String section(String heading) throws IOException {
    return Files.readAllLines(PAGE).stream()
        .dropWhile(line -> !line.equals("## " + heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void a_command_that_prints_json_has_a_section() throws IOException {
    for (CommandLine command : ShellCommands.model().getSubcommands().values()) {
      String name = command.getCommandName();
      boolean json = command.getCommandSpec().findOption("--json") != null;
      assertThat(section("keg " + name).isEmpty()).as(name).isEqualTo(!json);
      assertThat(SESSION.stream().anyMatch(line -> line.matches(name + " .*--json.*")))
          .as(name)
          .isEqualTo(json);
    }
  }

  @Test
  void every_field_is_explained() throws Exception {
    MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");
    Files.createDirectories(keg.files().getPath("/mnt/db"));
    Files.createDirectories(keg.files().getPath("/repo"));
    Files.write(keg.files().getPath("/file.img"), new byte[1 << 20]);
    try (FakeRegistry registry = new FakeRegistry();
        FakeEtcd etcd = new FakeEtcd(new FakeEtcd.Cluster(), false)) {
      assertThat(missing(keg, registry.host(), etcd.host())).isEmpty();
    }
  }

  private static Map<String, Set<String>> missing(MemoryKeg keg, String registry, String etcd)
      throws Exception {
    Map<String, Set<String>> missing = new TreeMap<>();
    for (String line : SESSION) {
      String said = line.replace("REGISTRY", registry).replace("ETCD", etcd);
      Outcome outcome = keg.run(Invocation.of(said.split(" ", -1)));
      if (line.startsWith("create")) {
        Files.writeString(keg.files().getPath("/keg/volumes/db/_data/f"), "1");
      }
      if (line.contains("--json")) {
        add(missing, "keg " + line.split(" ", -1)[0], keys(outcome.output()));
        add(missing, "What is said beside results", keys(outcome.errors()));
      }
      assertThat(outcome.exit() == 0)
          .as("%s: %s", line, outcome)
          .isNotEqualTo(line.contains("no-such"));
    }
    return missing;
  }

  private static void add(Map<String, Set<String>> missing, String heading, Set<String> keys)
      throws IOException {
    String text = section(heading);
    // The page describes the fields of volumes and of archives once.
    String also =
        switch (heading) {
          case "keg inspect" -> section("keg ls");
          case "keg export" -> section("keg backup");
          default -> "";
        };
    for (String key : keys) {
      if (!(text + also).contains("`" + key + "`")) {
        missing.computeIfAbsent(heading, _ -> new TreeSet<>()).add(key);
      }
    }
  }

  private static Set<String> keys(String text) throws InvalidDocument {
    List<String> documents = new ArrayList<>();
    if (text.startsWith("[")) {
      documents.add("{\"Volumes\":" + text + "}");
    } else {
      text.lines().forEach(documents::add);
    }
    Set<String> keys = new TreeSet<>();
    for (String document : documents) {
      collect(JsonObject.parse(document.getBytes(UTF_8)), keys);
    }
    if (text.startsWith("[")) {
      keys.remove("Volumes");
    }
    return keys;
  }

  private static void collect(Object value, Set<String> keys) {
    if (value instanceof Map<?, ?> object) {
      object.forEach(
          (key, field) -> {
            keys.add(key.toString());
            if (field != null && !FREE.contains(key.toString())) {
              collect(field, keys);
            }
          });
    } else if (value instanceof Collection<?> array) {
      array.forEach(element -> collect(element, keys));
    }
  }
}
