package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.output.VolumeDocument;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of a volume is in each document, and every command preserves its value. */
class FieldsTest {
  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg", Duration.ofMinutes(1));

  @BeforeEach
  void a_volume_with_everything() throws Exception {
    Files.createDirectories(keg.files().getPath("/srv/repo"));
    run("create db --description Orders --label tier=gold --protect-until 2027-01-31");
    run("snapshot create db@first");
  }

  private String run(String line) {
    Outcome outcome = keg.run(new Invocation(Arrays.asList(line.split(" ", -1)), "", Map.of()));
    assertThat(outcome.exit()).as("%s: %s", line, outcome.errors()).isZero();
    return outcome.output();
  }

  private Map<String, Object> listed(String name) throws Exception {
    Map<String, Object> fields = new TreeMap<>();
    String line = run("ls --json --size --filter name=" + name);
    JsonObject.parse(line.getBytes(UTF_8)).forEach((key, value) -> fields.put("" + key, value));
    return fields;
  }

  static Stream<String> fields() {
    List<String> dockers = List.of("Driver", "Labels", "Name", "Scope", "Status");
    return Stream.concat(VolumeDocument.OWN_FIELDS.stream(), dockers.stream());
  }

  @ParameterizedTest
  @MethodSource("fields")
  void each_is_in_both_documents_and_in_templates(String field) throws Exception {
    Files.createDirectory(keg.files().getPath("/srv/at"));
    run("mount db /srv/at");
    assertThat(run("ls --json --filter name=db")).contains("\"%s\":".formatted(field));
    String inspected = run("inspect --json --size db").strip();
    String only = inspected.substring(1, inspected.length() - 1);
    assertThat(JsonObject.parse(only.getBytes(UTF_8)).get(field))
        .isEqualTo(listed("db").get(field));
    run("inspect --format {{.%s}} db".formatted(field));
    assertThat(run("ls --format {{.%s}}".formatted(field)).strip()).doesNotContain("no value");
  }

  /** The fields that the command itself changes may differ. */
  @ParameterizedTest
  @CsvSource({
    "update db --description Other, db, Description UpdatedAt",
    "rename db orders, orders, Mountpoint Name Path UpdatedAt",
    "backup --to /srv/repo db; update --unprotect db; restore --replace --from /srv/repo db, db, "
        + "Protected UpdatedAt",
    "'backup --to /srv/repo db; update --unprotect db; rm --snapshots db; restore --from /srv/repo db', db, "
        + "LastUsedAt Protected Snapshots",
    "'backup --to /srv/repo db; restore --from /srv/repo --to copy db', copy, "
        + "CreatedAt Holders Id LastUsedAt Mountpoint Name Path Protected Snapshots Status UpdatedAt",
    "clone db copy, copy, "
        + "CreatedAt Holders Id LastUsedAt Mountpoint Name Path Protected Snapshots Status UpdatedAt",
  })
  void each_survives(String commands, String name, String changed) throws Exception {
    Map<String, Object> before = listed("db");

    Stream.of(commands.split("; ", -1)).forEach(this::run);

    Map<String, Object> after = listed(name);
    after.replaceAll((field, value) -> changed.contains(field) ? before.get(field) : value);
    after.values().removeIf(Objects::isNull);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void each_exists_for_adopted_volumes() throws Exception {
    Map<String, Object> made = listed("db");
    Path docker = keg.files().getPath("/srv/docker/volumes/web");
    Files.createDirectories(docker.resolve("_data"));
    Files.writeString(
        docker.resolve("opts.json"),
        "{\"MountType\":\"tmpfs\",\"MountOpts\":\"\",\"MountDevice\":\"tmpfs\",\"Quota\":{\"Size\":0}}");

    run("adopt --name web /srv/docker/volumes/web");

    Map<String, Object> adopted = listed("web");
    assertThat(adopted.keySet()).isEqualTo(made.keySet());
    assertThat(adopted)
        .containsEntry("Host", made.get("Host"))
        .containsEntry("Status", "available");
    assertThat(adopted.get("Id")).isNotEqualTo(made.get("Id"));
    assertThat(adopted.get("UpdatedAt")).isEqualTo(adopted.get("CreatedAt"));
  }
}
