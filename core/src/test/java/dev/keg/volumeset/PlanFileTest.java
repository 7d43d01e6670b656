package dev.keg.volumeset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.attachment.MountIdentity;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.PlannedMount.Source;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {
  private static final Path FILE = Path.of("web1.json");
  private static final String STEP =
      "{\"done\":true,\"from\":\"db\",\"kind\":\"volume\",\"made\":[\"/r/data\"],"
          + "\"readOnly\":false,\"since\":\"2026-11-20T10:00:55Z\",\"site\":\"/r/data\","
          + "\"target\":\"/data\"}";
  private static final String PLAN =
      "{\"schema\":1,\"boot\":\"b\",\"container\":\"web1\",\"host\":\"h\",\"site\":\"\","
          + "\"steps\":["
          + STEP
          + "]}";

  private static MountPlan read(String text) {
    return PlanFile.read(FILE, text.getBytes(UTF_8));
  }

  @Test
  void a_plan_is_written_as_documented() {
    PlannedMount step =
        new PlannedMount(
            new Source.OfVolume(new VolumeName("db")),
            "/data",
            false,
            Instant.parse("2026-11-20T10:00:55Z"),
            Path.of("/r/data"),
            List.of(Path.of("/r/data")),
            true,
            null);
    MountPlan plan =
        new MountPlan(new PlanOwner.Container(new ContainerId("web1")), "h", "b", List.of(step));

    assertThat(new String(PlanFile.write(plan), UTF_8)).isEqualTo(PLAN + "\n");
    assertThat(read(PLAN)).isEqualTo(plan);
  }

  @Test
  void a_step_says_which_mount_it_is() {
    String identity = "\"device\":\"254:0\",\"id\":42,\"root\":\"/d\",\"unique\":4294967311,";
    MountPlan plan = read(PLAN.replace("{\"done\"", "{" + identity + "\"done\""));

    assertThat(plan.steps().getFirst().identity())
        .contains(new MountIdentity(42, 4294967311L, "254:0", "/d"));
    assertThat(PlanFile.read(FILE, PlanFile.write(plan))).isEqualTo(plan);
  }

  @Test
  void every_kind_of_step_is_read_as_it_was_written() {
    List<PlannedMount> steps =
        List.of(
            step(new Source.OfVolume(new VolumeName("db")), null),
            step(new Source.OfHost("/srv"), Path.of("/r/srv")),
            step(new Source.OfMemory(), Path.of("/r/run")));
    MountPlan plan = new MountPlan(new PlanOwner.Hand(Path.of("/mnt")), "h", "b", steps);

    assertThat(PlanFile.read(FILE, PlanFile.write(plan))).isEqualTo(plan);
  }

  private static PlannedMount step(Source source, @Nullable Path site) {
    return new PlannedMount(source, "/x", true, Instant.EPOCH, site, List.of(), false, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "boot":"b",      |                    | field "boot" is missing
          "boot":"b"       | "boot":7           | field "boot" has an unexpected value
          "host":"h"       | "host":"h","x":1   | unknown field "x"
          "done":true      | "done":true,"x":1  | unknown field "x"
          ["/r/data"]      | [7]                | list "made" has an unexpected value
          ["/r/data"]      | [["/r/data"]]      | list "made" has an unexpected value
          ["/r/data"]      | [{}]               | list "made" has an unexpected value
          "kind":"volume"  | "kind":"nfs"       | unknown kind "nfs"
          "from":"db"      | "from":"../db"     | includes invalid characters
          "web1"           | "../web1"          | Invalid container name
          2026-11-20       | yesterday          | could not be parsed
          "target":"/data" | "target":null      | field "target" has an unexpected value
          """)
  void a_plan_that_is_not_one_is_refused(String from, String to, String why) {
    String text = PLAN.replace(from, to == null ? "" : to);

    assertThat(text).isNotEqualTo(PLAN);
    assertThatExceptionOfType(Damaged.class)
        .isThrownBy(() -> read(text))
        .withMessageContaining("web1.json")
        .withMessageContaining(why);
  }

  @Test
  void a_newer_plan_is_refused() {
    assertThatExceptionOfType(NewerSchema.class)
        .isThrownBy(() -> read("{\"schema\":2,\"steps\":{}}"));
  }
}
