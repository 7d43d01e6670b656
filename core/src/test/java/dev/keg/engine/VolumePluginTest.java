package dev.keg.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.error.InvalidInput.InvalidRequest;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.ContainerId;
import dev.keg.volumeset.DataAccess;
import dev.keg.volumeset.EngineAccess;
import dev.keg.volumeset.VolumeResolver;
import dev.keg.volumeset.VolumeSets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumePluginTest {
  private final BackedHost host = new BackedHost();
  private final VolumeSets sets =
      new VolumeSets(host.mounting, new VolumeResolver(host.volumes, new SplittableRandom(1)));
  private final VolumePlugin plugin =
      new VolumePlugin(host.registry, host.volumes, access(Optional::empty));

  private EngineAccess access(Supplier<Optional<String>> engine) {
    return new EngineAccess(host.mounting, new DataAccess(host.mounting, sets), engine);
  }

  private String ask(String endpoint, Map<String, Object> fields) {
    return plugin
        .answer(new PluginRequest("/VolumeDriver." + endpoint, new TreeMap<>(fields)))
        .line()
        .strip();
  }

  private String ask(String endpoint) {
    return ask(endpoint, Map.of("Name", "db", "ID", "1f"));
  }

  @Test
  void a_volume_from_creation_to_removal() {
    ask(
        "Create",
        Map.of("Name", "db", "Opts", Map.of("description", "Orders", "label.tier", "gold")));

    var volume = host.registry.find(new VolumeName("db")).orElseThrow();
    assertThat(volume.driver()).isEqualTo("local");
    assertThat(volume.labels().map()).containsExactly(Map.entry("tier", "gold"));
    assertThat(volume.options().isEmpty()).isTrue();
    assertThat(ask("Mount"))
        .isEqualTo("{\"Err\":\"\",\"Mountpoint\":\"/keg/volumes/db/_data\"}")
        .isEqualTo(ask("Path"));
    assertThat(ask("Get"))
        .matches(
            "\\{\"Err\":\"\",\"Volume\":\\{\"Name\":\"db\",\"CreatedAt\":\"2040-01-01T00:00:\\d\\dZ\","
                + "\"Mountpoint\":\"/keg/volumes/db/_data\","
                + "\"Status\":\\{\"driver\":\"local\",\"labels\":\\{\"tier\":\"gold\"}}}}");
    assertThat(ask("List")).isEqualTo("{\"Err\":\"\",\"Volumes\":[{\"Name\":\"db\"}]}");
    assertThat(ask("Unmount")).isEqualTo("{\"Err\":\"\"}");
    assertThat(ask("Remove")).isEqualTo("{\"Err\":\"\"}");
    assertThat(ask("List")).isEqualTo("{\"Err\":\"\",\"Volumes\":[]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Create", "Remove", "Mount", "Unmount", "Path", "Get"})
  void a_request_that_was_sent_again_without_its_body_does_nothing(String endpoint) {
    assertThatThrownBy(() -> ask(endpoint, Map.of()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("invalid request: Name is missing");
    assertThat(host.registry.names()).isEmpty();
  }

  @Test
  void an_id_of_a_volume_is_not_a_name_here() {
    var volume = host.volumes.create(VolumeRequest.named(new VolumeName("db")));
    String id = volume.volume().details().id().toString();

    assertThatThrownBy(() -> ask("Get", Map.of("Name", id))).isInstanceOf(NotFound.class);
  }

  @Test
  void a_volume_that_is_there_must_be_what_is_asked_for() {
    ask("Create", Map.of("Name", "db", "Opts", Map.of("label.tier", "gold")));

    ask("Create", Map.of("Name", "db"));
    ask("Create", Map.of("Name", "db", "Opts", Map.of("label.tier", "gold")));
    assertThatThrownBy(
            () -> ask("Create", Map.of("Name", "db", "Opts", Map.of("label.tier", "lead"))))
        .hasMessage("create db: volume exists but differs: its label tier has another value");
  }

  @Test
  void the_driver_says_what_is_wrong_with_its_options() {
    assertThatThrownBy(() -> ask("Create", Map.of("Name", "db", "Opts", Map.of("size", "1g"))))
        .hasMessageContaining("size");
    assertThat(host.registry.names()).isEmpty();
  }

  /** It may be on a server that is gone, so that its unmount never returns. */
  @Test
  void what_an_ended_engine_left_is_unmounted_when_the_engine_has_its_answer() throws IOException {
    host.volumes.create(
        new VolumeRequest(
            new VolumeName("db"), "disks", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    String data = "/keg/volumes/db/_data";
    access(() -> Optional.of("dockerd 1")).mount(new VolumeName("db"), new ContainerId("1f"));
    host.mounts.mount(data);
    host.mounts.end("dockerd 1");
    List<String> before = new ArrayList<>();
    OutputStream answers =
        new OutputStream() {
          @Override
          public void write(int b) {
            before.addAll(host.disks.calls());
          }
        };

    String request = "POST /Plugin.Activate HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
    new PluginConnection(
            new ByteArrayInputStream(request.getBytes(StandardCharsets.US_ASCII)),
            new PrintStream(answers))
        .serve(new VolumePlugin(host.registry, host.volumes, access(Optional::empty)));

    assertThat(before).isNotEmpty().doesNotContain("unmount db");
    assertThat(host.disks.calls()).contains("unmount db");
  }

  @Test
  void what_the_protocol_does_not_have_is_refused() {
    assertThatThrownBy(() -> ask("Snapshot"))
        .hasMessageEndingWith("there is no endpoint /VolumeDriver.Snapshot");
  }
}
