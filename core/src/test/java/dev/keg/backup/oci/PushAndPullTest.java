package dev.keg.backup.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import dev.keg.backup.BackedHost;
import dev.keg.backup.Noise;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.FakePrograms.Result;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.VirtualLine;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.fixtures.server.FakeRegistry;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.json.JsonObject;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Labels;
import dev.keg.volume.VolumeName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes travel through a registry, also one that fails or lies. */
class PushAndPullTest {
  private static final VolumeName COPY = new VolumeName("copy");

  private static final int CHUNK = 1 << 20;

  /** More than a chunk, even compressed. */
  private static final int LARGE = CHUNK / 8 * 9;

  /** The position of the type in a tar header; podman makes a directory of a global header. */
  private static final int TYPE = 156;

  /** The first byte of a zstd frame. */
  private static final byte ZSTD = 0x28;

  private final BackedHost host = new BackedHost();
  private final FakeRegistry registry;
  private final List<Duration> pauses = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private Duration idle = Duration.ofMinutes(1);
  private StoreLimits limits = StoreLimits.NONE;

  PushAndPullTest() throws IOException {
    registry = new FakeRegistry();
    host.create("db");
    host.write(BackedHost.DB, "a/b", "1");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private RegistryEnvironment environment() {
    return new RegistryEnvironment(
        Map.of(),
        host.files.getPath("/home"),
        new FakePrograms(_ -> new Result(127, "", "")),
        new Backoff(new SplittableRandom(1), pauses::add, _ -> {}),
        limits,
        warnings::add,
        _ -> {},
        false,
        idle,
        CHUNK);
  }

  private ImageReference image(String name) {
    return ImageReference.parse(registry.host() + "/" + name);
  }

  private Saved push(String... names) {
    PushDestination destination =
        new PushDestination(
            Stream.of(names).map(this::image).toList(),
            environment(),
            new ImageConfig("amd64", "linux", Instant.EPOCH));
    return new Saving(host.context, SaveRequest.plain(2), host.saveListener())
        .save(BackedHost.DB, destination);
  }

  private void pull(String name) {
    pull(name, Mode.EMPTY);
  }

  private void pull(String name, Mode mode) {
    RestoreRequest request =
        new RestoreRequest(COPY, Optional.empty(), mode, false, false, false, false, 1);
    new PulledImage(image(name), environment())
        .with(
            source ->
                new Restoring(host.context)
                    .restore(
                        source,
                        request,
                        new TreeListener() {
                          @Override
                          public void note(TreePath path, Note note, String text) {
                            host.notes.add(text);
                          }
                        }));
  }

  private void writeLarge() throws IOException {
    Files.write(host.data(BackedHost.DB).resolve("large"), new Noise(7).bytes(LARGE));
  }

  private byte[] content(String key) {
    return Objects.requireNonNull(registry.content.get(key), key);
  }

  private static Map<?, ?> object(Map<?, ?> json, String key) {
    return (Map<?, ?>) Objects.requireNonNull(json.get(key), key);
  }

  /** The blob that is not JSON. */
  private String layer(String repository) {
    return registry.content.keySet().stream()
        .filter(key -> key.startsWith(repository + "/blobs/") && content(key)[0] == ZSTD)
        .findFirst()
        .orElseThrow();
  }

  private void login() throws IOException {
    Path file = host.files.getPath("/home/.docker/config.json");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry.host(), FakeRegistry.LOGIN));
  }

  @Test
  void what_was_pushed_is_pulled() {
    host.volumes.update("db", VolumeChange.ofLabels(Labels.parse(List.of("tier=gold")), List.of()));

    push("team/db:1");
    pull("team/db:1");

    assertThat(host.content(COPY)).containsExactly("a/b=1");
    assertThat(host.registry.get("inspect", COPY).labels().map()).containsEntry("tier", "gold");
  }

  @Test
  void what_is_sent_and_received_is_held_back_to_the_rates() throws IOException {
    writeLarge();
    VirtualLine up = new VirtualLine(1_000_000);
    VirtualLine down = new VirtualLine(4_000_000);
    limits = StoreLimits.of(up.throttle(), down.throttle(), 1);

    push("db:1");
    pull("db:1");

    double millis = content(layer("db")).length / 1e3;
    assertThat((double) up.passed().toMillis()).isBetween(millis * 0.95, millis * 1.05);
    assertThat((double) down.passed().toMillis()).isBetween(millis * 0.95 / 4, millis * 1.05 / 4);
  }

  @Test
  void a_place_names_the_manifest_that_was_written() {
    Saved saved = push("db:1");

    byte[] manifest = content("db/manifests/1");
    assertThat(saved.places())
        .containsExactly(registry.host() + "/db:1@" + FakeRegistry.digest(manifest));
    pull("db@" + FakeRegistry.digest(manifest));
  }

  @Test
  void others_find_an_image_of_one_layer() throws Exception {
    push("db:1");

    Map<String, Object> manifest = JsonObject.parse(content("db/manifests/1"));
    assertThat(manifest)
        .containsEntry("schemaVersion", "2")
        .containsEntry("artifactType", "application/vnd.keg.volume.v1");
    Map<?, ?> config = object(manifest, "config");
    Map<String, Object> image = JsonObject.parse(content("db/blobs/" + config.get("digest")));
    byte[] plain =
        new ZstdInputStream(new ByteArrayInputStream(content(layer("db")))).readAllBytes();
    assertThat((char) plain[TYPE]).isNotEqualTo('g');
    assertThat(object(image, "rootfs").get("diff_ids"))
        .isEqualTo(List.of(FakeRegistry.digest(plain)));
  }

  @Test
  void the_same_data_gives_the_same_layer() {
    push("db:1");
    push("db:2");

    assertThat(registry.content).containsKeys("db/manifests/1", "db/manifests/2");
    assertThat(registry.content.keySet().stream().filter(key -> key.contains("/blobs/")))
        .as("configuration, layer, index and its empty configuration")
        .hasSize(4);
  }

  @Test
  void a_second_repository_mounts_the_data_of_the_first() {
    push("db:1", "db:latest", "other/db:1");

    assertThat(registry.content.keySet())
        .contains("db/manifests/1", "db/manifests/latest", "other/db/manifests/1");
    assertThat(registry.log().stream().filter(line -> line.contains("mount="))).hasSize(2);
    assertThat(registry.unfinishedUploads()).isZero();
  }

  private List<ImageEntry> files(String name) {
    List<ImageEntry> files = new ArrayList<>();
    new PulledImage(image(name), environment()).files(files::add);
    return files;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_index_is_attached_that_says_what_files_there_are(boolean listing) {
    registry.listsReferrers = listing;
    push("db:1", "other/db:2");
    registry.clearLog();

    for (String name : List.of("db:1", "other/db:2")) {
      assertThat(files(name))
          .containsExactly(
              new ImageEntry(".", 0, "directory"),
              new ImageEntry("a", 0, "directory"),
              new ImageEntry("a/b", 1, "file"));
    }
    assertThat(registry.log()).noneMatch(line -> line.contains(layer("db").substring(9)));
    assertThat(new PulledImage(image("db"), environment()).tags()).containsExactly("1");
    assertThat(registry.content.keySet())
        .filteredOn(key -> key.contains("/sha256-"))
        .hasSize(listing ? 0 : 2);
  }

  @Test
  void what_others_attached_stays_listed() {
    registry.listsReferrers = false;
    push("db:1");
    String list =
        registry.content.keySet().stream()
            .filter(key -> key.contains("/sha256-"))
            .findFirst()
            .orElseThrow();
    String own = new String(content(list), UTF_8);
    String other =
        own.replace("\"manifests\":[", "\"manifests\": [ {\"artifactType\":\"a/sbom\",\"x\":[1]},");
    registry.content.put(list, other.getBytes(UTF_8));
    push("db:1");
    assertThat(content(list)).as("it is there already").asString().isEqualTo(other);

    registry.content.put(
        list, "{\"manifests\": [ {\"artifactType\":\"a/sbom\",\"x\":[1]}]}".getBytes(UTF_8));
    push("db:1");
    assertThat(content(list)).asString().contains("\"x\":[1]");
    assertThat(files("db:1")).hasSize(3);
  }

  @Test
  void an_image_without_an_index_says_so() throws IOException {
    push("db:1");
    registry.content.keySet().removeIf(key -> key.contains("/sha256-"));

    assertThatThrownBy(() -> files("db:1"))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("no index is attached to it");
  }

  @Test
  void a_registry_that_takes_no_index_has_the_image_all_the_same() {
    registry.plan(
        line ->
            line.startsWith("PUT /v2/db/manifests/sha256:") ? Behaviour.NOT_NOW : Behaviour.SERVE);

    Saved saved = push("db:1");
    assertThat(saved.places()).hasSize(1);
    assertThat(saved.problems()).isEmpty();
    assertThat(warnings).hasSize(1).first().asString().contains("has no index");
    pull("db:1");
  }

  @Test
  void a_registry_that_does_not_mount_gets_a_copy() {
    registry.plan(line -> line.contains("mount=") ? Behaviour.UNABLE : Behaviour.SERVE);

    push("db:1", "other/db:1");
    pull("other/db:1");

    assertThat(host.content(COPY)).containsExactly("a/b=1");
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_NOW", "BREAK_BEFORE", "BREAK_AFTER", "BREAK_IN_ANSWER"})
  void a_push_continues_where_the_connection_broke(Behaviour trouble) throws IOException {
    writeLarge();
    AtomicInteger patches = new AtomicInteger();
    AtomicInteger puts = new AtomicInteger();
    registry.plan(
        line ->
            (line.startsWith("PATCH") && patches.incrementAndGet() == 1)
                    || (line.startsWith("PUT") && puts.incrementAndGet() == 1)
                ? trouble
                : Behaviour.SERVE);

    push("db:1");
    registry.plan(_ -> Behaviour.SERVE);
    pull("db:1");

    assertThat(host.content(COPY)).containsExactly("a/b=1", "large=" + LARGE + " bytes");
    assertThat(registry.log()).filteredOn(line -> line.startsWith("PATCH")).hasSizeBetween(2, 3);
  }

  @Test
  void a_chunk_is_sent_again_later_where_the_registry_cannot_tell_its_progress()
      throws IOException {
    writeLarge();
    AtomicInteger patches = new AtomicInteger();
    registry.plan(
        line -> {
          if (line.startsWith("PATCH") && patches.incrementAndGet() <= 3) {
            return Behaviour.NOT_NOW;
          }
          return line.startsWith("GET /v2/db/blobs/uploads/") ? Behaviour.UNABLE : Behaviour.SERVE;
        });

    push("db:1");

    assertThat(patches).hasValueGreaterThan(3);
    assertThat(pauses).startsWith(Duration.ofSeconds(7), Duration.ofSeconds(7));
    pull("db:1");
    assertThat(host.content(COPY)).containsExactly("a/b=1", "large=" + LARGE + " bytes");
  }

  @Test
  void a_pull_continues_where_the_connection_broke() throws IOException {
    writeLarge();
    push("db:1");
    registry.clearLog();
    AtomicInteger reads = new AtomicInteger();
    registry.plan(
        line ->
            line.startsWith("GET /v2/db/blobs/") && reads.incrementAndGet() <= 2
                ? Behaviour.BREAK_IN_ANSWER
                : Behaviour.SERVE);

    pull("db:1");

    assertThat(host.content(COPY)).containsExactly("a/b=1", "large=" + LARGE + " bytes");
    assertThat(reads).hasValue(3);
  }

  @Test
  void a_pull_does_not_wait_for_ever() {
    push("db:1");
    idle = Duration.ofMillis(100);
    registry.plan(
        line -> line.startsWith("GET /v2/db/blobs/") ? Behaviour.HANG_IN_ANSWER : Behaviour.SERVE);

    assertThatThrownBy(() -> pull("db:1")).hasMessageContaining("nothing was ");
    assertThat(host.volumes.exists("copy")).isFalse();
  }

  /** Longer, different, and truncated. */
  @ParameterizedTest
  @CsvSource({"0", "1", "-1"})
  void a_damaged_layer_leaves_no_volume(int more) {
    push("db:1");
    String layer = layer("db");
    byte[] bytes = content(layer);
    byte[] damaged = Arrays.copyOf(bytes, bytes.length + more);
    if (more >= 0) {
      damaged[bytes.length - 1] = (byte) ~damaged[bytes.length - 1];
    }
    registry.content.put(layer, damaged);

    assertThatThrownBy(() -> pull("db:1")).isInstanceOf(InvalidArchive.class);
    assertThat(host.volumes.exists("copy")).isFalse();
  }

  @Test
  void a_layer_that_was_exchanged_is_refused_however_sound_it_is() throws IOException {
    push("db:1");
    String first = layer("db");
    host.write(BackedHost.DB, "a/b", "2");
    push("other:1");
    byte[] other = content(layer("other"));
    String manifest = new String(content("db/manifests/1"), UTF_8);
    String size = "\"size\":" + content(first).length + "}]";
    assertThat(manifest).contains(size);
    registry.content.put(
        "db/manifests/1",
        manifest.replace(size, "\"size\":" + other.length + "}]").getBytes(UTF_8));
    registry.content.put(first, other);

    assertThatThrownBy(() -> pull("db:1"))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("its content has another digest");
    assertThat(host.volumes.exists("copy")).isFalse();
  }

  @Test
  void a_manifest_with_another_digest_is_refused() {
    push("db:1");
    String wanted = "sha256:" + "0".repeat(64);
    registry.content.put("db/manifests/" + wanted, content("db/manifests/1"));

    assertThatThrownBy(() -> pull("db@" + wanted)).hasMessageContaining("another digest");
  }

  @Test
  void a_pulled_volume_chooses_no_place_of_the_host() {
    push("db:1");
    String manifest = new String(content("db/manifests/1"), UTF_8);
    registry.content.put(
        "db/manifests/1",
        manifest
            .replace("\\\"driver\\\":\\\"local\\\"", "\\\"driver\\\":\\\"bind\\\"")
            .replace("\\\"options\\\":{}", "\\\"options\\\":{\\\"source\\\":\\\"/etc\\\"}")
            .getBytes(UTF_8));

    pull("db:1");

    assertThat(host.registry.get("inspect", COPY).driver()).isEqualTo("local");
    assertThat(host.registry.get("inspect", COPY).options().map()).isEmpty();
    assertThat(host.notes).anyMatch(note -> note.contains("not with driver bind (source=/etc)"));
  }

  @Test
  void a_volume_with_files_is_replaced_only_when_that_is_meant() {
    push("db:1");
    host.create("copy");
    host.write(COPY, "mine", "1");

    assertThatThrownBy(() -> pull("db:1")).isInstanceOf(RestoreFailed.class);
    assertThat(host.content(COPY)).containsExactly("mine=1");
    pull("db:1", Mode.REPLACE);
    assertThat(host.content(COPY)).containsExactly("a/b=1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"manifests\":[]}|it lists images for several platforms",
        "{}|it has 0 layers, and a volume has one",
        "{\"layers\":[{}]}|a layer has no type, digest or size",
        "{\"layers\":[{\"mediaType\":\"x\",\"digest\":\"md5:1\",\"size\":1}]}|not SHA-256",
        "[]|it is not a JSON object",
      })
  void a_manifest_that_is_not_a_volume_is_refused(String manifest, String why) {
    registry.content.put("db/manifests/1", manifest.getBytes(UTF_8));

    assertThatThrownBy(() -> pull("db:1"))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining(why);
  }

  @Test
  void what_is_not_there_is_reported_with_a_hint() {
    assertThatThrownBy(() -> pull("db:1"))
        .isInstanceOfSatisfying(
            RepositoryFailed.class,
            e ->
                assertThat(e.hint())
                    .contains(
                        "`keg pull --list %s/db` lists the existing tags"
                            .formatted(registry.host())))
        .hasMessageContaining("404 MANIFEST_UNKNOWN: as told");
  }

  @Test
  void all_pages_of_tags_are_listed() {
    for (String tag : List.of("a", "b", "c", "d", "e")) {
      registry.content.put("db/manifests/" + tag, new byte[0]);
    }

    assertThat(new PulledImage(image("db"), environment()).tags())
        .containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void what_no_tag_can_be_called_is_not_printed() {
    registry.content.put("db/manifests/a", new byte[0]);
    registry.content.put("db/manifests/\\u001b[2J", new byte[0]);

    assertThat(new PulledImage(image("db"), environment()).tags()).containsExactly("a");
  }

  @Test
  void without_a_login_nothing_is_read_or_sent() {
    registry.askForToken();

    assertThatThrownBy(() -> push("db:1"))
        .isInstanceOfSatisfying(
            RepositoryFailed.class,
            e -> assertThat(e.hint()).contains("run: docker login " + registry.host()))
        .hasMessageContaining("it needs a login");
    assertThat(host.notes).isEmpty();
  }

  @Test
  void a_login_gets_tokens_and_another_when_one_is_over() throws IOException {
    login();
    registry.askForToken();
    writeLarge();
    registry.plan(
        line ->
            line.startsWith("PATCH")
                    && registry.log().stream().noneMatch(l -> l.startsWith("PATCH"))
                ? Behaviour.TOKEN_IS_OVER
                : Behaviour.SERVE);

    push("db:1", "other:1");
    pull("other:1");

    assertThat(host.content(COPY)).hasSize(2);
  }

  @Test
  void a_failed_push_leaves_no_upload_and_no_name() {
    registry.plan(line -> line.startsWith("PUT") ? Behaviour.NOT_NOW : Behaviour.SERVE);

    assertThatThrownBy(() -> push("db:1")).hasMessageContaining("the registry answers 503");
    assertThat(registry.content).isEmpty();
    assertThat(registry.unfinishedUploads()).isZero();
  }

  @Test
  void a_second_name_that_fails_is_reported_and_the_first_stays() {
    registry.plan(
        line -> line.startsWith("PUT /v2/db/manifests/2") ? Behaviour.NOT_NOW : Behaviour.SERVE);

    Saved saved = push("db:1", "db:2");

    assertThat(saved.places()).hasSize(1);
    assertThat(saved.problems()).hasSize(1);
  }
}
