package dev.keg.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.InvalidInput.InvalidPolicy;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {
  private final Path file =
      Jimfs.newFileSystem(Configuration.unix()).getPath("/policy.json").toAbsolutePath();

  private static final ZonedDateTime NOW =
      ZonedDateTime.of(2026, 11, 10, 0, 0, 0, 0, ZoneOffset.UTC);
  private static final VolumeFacts FACTS = new FixedFacts(NOW, NOW.minusDays(9), new Size(1 << 20));

  private Policies policies(String text) throws IOException {
    Files.writeString(file, text);
    return Policies.read(file);
  }

  private static Volume volume(String name, String... labels) {
    return new Volume(
        new VolumeName(name), "local", Options.NONE, Labels.parse(List.of(labels)), Instant.EPOCH);
  }

  private static List<String> settings(Policies policies, Volume volume) {
    return policies.of(volume, FACTS).settings().entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue().value() + " (" + e.getValue().source() + ")")
        .toList();
  }

  @Test
  void a_later_rule_and_then_a_label_win() throws IOException {
    Policies policies =
        policies(
            """
            {"schema":1,"rules":[
              {"backup.to":"/a","backup.every":"1d"},
              {"name":"db-*","backup.every":"1h"},
              {"driver":"loop","backup.every":"2h"}]}
            """);

    assertThat(settings(policies, volume("web")))
        .containsExactly("backup.to=/a (rule 1)", "backup.every=1d (rule 1)");
    assertThat(settings(policies, volume("db-1")))
        .containsExactly("backup.to=/a (rule 1)", "backup.every=1h (rule 2)");
    assertThat(settings(policies, volume("db-1", "keg.backup.every=6h")))
        .containsExactly("backup.to=/a (rule 1)", "backup.every=6h (label)");
  }

  @ParameterizedTest
  @CsvSource({
    "tier, tier=gold, true",
    "tier, tier, true",
    "tier=gold, tier=gold, true",
    "tier=gold, tier=silver, false",
    "tier=gold, other=gold, false",
    "tier=, tier=, true",
  })
  void a_rule_is_for_volumes_with_a_label(String rule, String label, boolean matches)
      throws IOException {
    Policies policies =
        policies(
            "{\"schema\":1,\"rules\":[{\"label\":\"%s\",\"backup.every\":\"1d\"}]}"
                .formatted(rule));

    assertThat(settings(policies, volume("vol", label)).isEmpty()).isNotEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "db*, db-1, true",
    "d?, db, true",
    "d?, dbx, false",
    "a.b, axb, false",
    "*, xy, true",
  })
  void a_rule_is_for_volumes_whose_name_matches(String pattern, String name, boolean matches)
      throws IOException {
    Policies policies =
        policies(
            "{\"schema\":1,\"rules\":[{\"name\":\"%s\",\"backup.every\":\"1d\"}]}"
                .formatted(pattern));

    assertThat(settings(policies, volume(name)).isEmpty()).isNotEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "unused, 8d, true",
    "unused, 9d, true",
    "unused, 10d, false",
    "above, 1023k, true",
    "above, 1m, false",
  })
  void a_rule_is_for_volumes_that_nobody_used_or_that_are_large(
      String selector, String value, boolean matches) throws IOException {
    Policies policies =
        policies(
            "{\"schema\":1,\"rules\":[{\"%s\":\"%s\",\"pool\":\"cold\"}]}"
                .formatted(selector, value));

    assertThat(settings(policies, volume("vol")))
        .isEqualTo(matches ? List.of("pool=cold (rule 1)") : List.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"schema\":1,\"rules\":[{\"unused\":\"often\"}]}"
            + " | /policy.json: rule 1: unused: invalid age: 'often'",
        "{\"schema\":1,\"rules\":[{\"above\":\"1 elephant\"}]}"
            + " | /policy.json: rule 1: above: invalid suffix: 'elephant'",
        "{\"schema\":1,\"rules\":[{},{\"backup.evry\":\"1d\"}]}"
            + " | /policy.json: rule 2: unknown field \"backup.evry\"",
        "{\"schema\":1,\"rules\":[{\"backup.every\":1}]}"
            + " | /policy.json: rule 1: field \"backup.every\" has an unexpected value",
        "{\"schema\":1} | /policy.json: field \"rules\" is missing",
        "{} | /policy.json: its first field is not \"schema\"",
      })
  void a_wrong_file_is_named_with_the_rule(String text, String message) {
    assertThatThrownBy(() -> policies(text)).isInstanceOf(InvalidPolicy.class).hasMessage(message);
  }

  @Test
  void a_label_that_is_misspelt_is_reported() throws IOException {
    Policies policies = policies("{\"schema\":1,\"rules\":[]}");

    assertThatThrownBy(() -> policies.of(volume("vol", "keg.backup.evry=1d"), FACTS))
        .isInstanceOfSatisfying(
            InvalidPolicy.class,
            e ->
                assertThat(e.hint().orElseThrow())
                    .startsWith(
                        "did you mean keg.backup.every? The labels of policies are keg.backup.to"))
        .hasMessage("vol: unknown label keg.backup.evry");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keg.backup.every=soon | vol: backup.every (label keg.backup.every): invalid age: 'soon'",
        "keg.backup.keep=dayly=7 | vol: backup.keep (label keg.backup.keep): invalid retention:"
            + " 'dayly=7'",
        "keg.backup.freeze=yes | vol: backup.freeze (label keg.backup.freeze): 'yes' is not"
            + " true, false or seconds",
        "keg.backup.every= | vol: backup.to without backup.every",
      })
  void a_wrong_value_is_named_with_its_source(String label, String message) throws IOException {
    Policies policies =
        policies("{\"schema\":1,\"rules\":[{\"backup.to\":\"/a\",\"backup.every\":\"1d\"}]}");
    VolumePolicy policy = policies.of(volume("vol", label), FACTS);

    assertThatThrownBy(() -> BackupPlan.of(policy))
        .isInstanceOf(InvalidPolicy.class)
        .hasMessage(message);
  }

  @Test
  void an_empty_place_turns_backups_off() throws IOException {
    Policies policies =
        policies(
            "{\"schema\":1,\"rules\":[{\"backup.to\":\"/a\",\"backup.every\":\"1d\"},"
                + "{\"name\":\"cache\",\"backup.to\":\"\"}]}");

    assertThat(BackupPlan.of(policies.of(volume("cache"), FACTS))).isEmpty();
    assertThat(BackupPlan.of(policies.of(volume("db"), FACTS))).isPresent();
  }
}
