package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.volume.Host;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import dev.keg.volume.VolumeId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeFileTest {
  private static final Path FILE = Path.of("volume.json");
  private static final Volume FULL =
      new Volume(
          DB,
          "nfs",
          Options.of(Map.of("o", "addr=nas")),
          Labels.parse(List.of("tier=gold")),
          Instant.parse("2026-11-20T10:00:00.5Z"),
          new VolumeDetails(
              VolumeId.parse("0b4e1c9a-0000-4000-8000-000000000001"),
              "the shop",
              Instant.parse("2026-11-21T10:00:00Z"),
              new Host("4711", "db1"),
              Protection.always()));

  private static Volume read(String text) {
    return VolumeFile.read(DB, FILE, text.getBytes(UTF_8));
  }

  @Test
  void what_is_written_is_read() {
    String text = new String(VolumeFile.write(FULL), UTF_8);

    assertThat(text)
        .isEqualTo(
            "{\"schema\":2,\"created\":\"2026-11-20T10:00:00.500Z\",\"description\":\"the shop\","
                + "\"driver\":\"nfs\",\"host\":{\"id\":\"4711\",\"name\":\"db1\"},"
                + "\"id\":\"0b4e1c9a-0000-4000-8000-000000000001\",\"labels\":{\"tier\":\"gold\"},"
                + "\"options\":{\"o\":\"addr=nas\"},\"protected\":\"always\","
                + "\"updated\":\"2026-11-21T10:00:00Z\"}\n");
    assertThat(read(text)).isEqualTo(FULL);
  }

  @Test
  void a_volume_of_an_older_version_has_details_that_follow_from_it() {
    Volume old = new Volume(DB, "nfs", FULL.options(), FULL.labels(), FULL.created());

    assertThat(
            read(
                "{\"schema\":1,\"created\":\"2026-11-20T10:00:00.500Z\",\"driver\":\"nfs\","
                    + "\"labels\":{\"tier\":\"gold\"},\"options\":{\"o\":\"addr=nas\"}}"))
        .isEqualTo(old);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"id":"4711"}
          {"name":"db1"}
          {"id":"4711","name":"db1","rack":"7"}
          """)
  void a_host_has_an_id_and_a_name_only(String host) {
    String text =
        new String(VolumeFile.write(FULL), UTF_8)
            .replace("{\"id\":\"4711\",\"name\":\"db1\"}", host);

    assertThatThrownBy(() -> read(text))
        .isInstanceOf(Damaged.class)
        .hasMessage(
            "volume db is damaged: volume.json: field \"host\" must have an id and a name only");
  }
}
