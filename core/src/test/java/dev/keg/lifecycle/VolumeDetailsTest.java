package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.InvalidInput.InvalidTime;
import dev.keg.error.RegistryException.AmbiguousId;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.ProtectedVolume;
import dev.keg.registry.IdLookup;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Protection;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The details of a volume that docker does not have. */
class VolumeDetailsTest {
  @TempDir Path directory;
  private Path root;
  private Store store;

  @BeforeEach
  void make() throws IOException {
    root = directory.resolve("root");
    store = Store.open(root);
    store.fill("db");
  }

  private Volume volume(String name) {
    return store.registry().get("get", new VolumeName(name));
  }

  private void update(String name, Optional<String> text, Optional<Protection> protection) {
    store.volumes().update(name, new VolumeChange(Labels.NONE, List.of(), text, protection));
  }

  private void protect(Protection protection) {
    update("db", Optional.empty(), Optional.of(protection));
  }

  @Test
  void an_id_stays_when_the_volume_is_renamed_and_changed() {
    VolumeId id = store.id("db");

    update("db", Optional.of("Orders"), Optional.empty());
    store.volumes().rename("db", "db2");

    assertThat(store.id("db2")).isEqualTo(id);
    assertThat(volume("db2").details().description()).isEqualTo("Orders");
  }

  @Test
  void a_clone_has_an_id_of_its_own_and_no_protection() {
    update("db", Optional.of("Orders"), Optional.of(Protection.always()));

    store.cloning().clone(VolumeAt.parse("db"), "copy", Labels.NONE);

    assertThat(store.id("copy")).isNotEqualTo(store.id("db"));
    assertThat(volume("copy").details().description()).isEqualTo("Orders");
    assertThat(volume("copy").details().protection()).isEqualTo(Protection.none());
  }

  @Test
  void a_description_of_the_first_release_is_upgraded_by_the_next_write() throws IOException {
    store.downgrade("db");
    Volume old = volume("db");
    Path file = store.home("db").resolve("volume.json");

    assertThat(old.labels().map()).containsEntry("tier", "old");
    assertThat(Files.readString(file)).startsWith("{\"schema\":1,");

    update("db", Optional.of("Orders"), Optional.empty());

    assertThat(Files.readString(file)).startsWith("{\"schema\":2,");
    assertThat(volume("db").details().id()).isEqualTo(old.details().id());
    assertThat(volume("db").details().host().isKnown()).isTrue();
    assertThat(volume("db").created()).isEqualTo(old.created());
  }

  /** Until it is written, such an id depends on the name. */
  @Test
  void the_id_of_a_description_of_the_first_release_stays_when_the_volume_is_renamed()
      throws IOException {
    store.downgrade("db");
    VolumeId id = store.id("db");

    store.volumes().rename("db", "db2");

    assertThat(store.id("db2")).isEqualTo(id);
  }

  @Test
  void volumes_of_the_first_release_have_different_ids() throws IOException {
    store.fill("db2");
    store.downgrade("db");
    store.downgrade("db2");

    assertThat(store.id("db")).isNotEqualTo(store.id("db2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"host\":{\"id\":\"\"}",
        "\"protected\":\"perhaps\"",
        "\"updated\":\"yesterday\"",
        "\"schema\":2,\"more\":1"
      })
  void a_description_with_a_wrong_field_is_damaged(String field) throws IOException {
    Path file = store.home("db").resolve("volume.json");
    String key = field.substring(0, field.indexOf(':'));
    String before = Files.readString(file);
    Files.writeString(
        file, before.replaceFirst(key + ":(\\{[^}]*\\}|\"[^\"]*\"|\\d+)", field.replace("$", "")));

    assertThat(Files.readString(file)).isNotEqualTo(before);
    assertThatThrownBy(() -> volume("db")).isInstanceOf(Damaged.class);
  }

  @Test
  void an_id_is_a_uuid() throws IOException {
    Path file = store.home("db").resolve("volume.json");
    Files.writeString(file, Files.readString(file).replace(store.id("db").text(), "4711"));

    assertThatThrownBy(() -> volume("db")).isInstanceOf(Damaged.class);
  }

  @Test
  void a_newer_description_is_refused() throws IOException {
    Files.writeString(store.home("db").resolve("volume.json"), "{\"schema\":3}");

    assertThatThrownBy(() -> volume("db")).isInstanceOf(NewerSchema.class);
  }

  @Test
  void a_volume_can_be_named_by_its_id_or_the_beginning_of_it() {
    String id = store.id("db").text();

    for (String text : List.of(id, id.substring(0, 8), id.toUpperCase(Locale.ROOT))) {
      assertThat(store.volumes().inspect(text).volume().name().text()).isEqualTo("db");
      assertThat(store.volumes().exists(text)).isTrue();
    }
    assertThat(store.volumes().exists(id.substring(0, 7))).isFalse();
    store.volumes().rename(id, "db2");
    store.volumes().remove(id, Removal.Mode.NORMAL);
    assertThat(store.list().volumes()).isEmpty();
    assertThatThrownBy(() -> store.volumes().inspect(id)).isInstanceOf(NotFound.class);
  }

  @Test
  void an_id_is_taken_as_long_as_a_volume_has_it_and_each_is_looked_at_once() throws IOException {
    VolumeId id = store.id("db");
    IdLookup ids = store.registry().ids();
    store.volumes().rename("db", "db2");
    assertThat(ids.isTaken(id)).isTrue();

    Files.writeString(store.home("db2").resolve("volume.json"), "damaged");
    store.fill("db3");
    assertThat(ids.isTaken(store.id("db3"))).isTrue();
    assertThat(ids.isTaken(id)).isTrue();

    store.volumes().remove("db2", Removal.Mode.FORCE);
    assertThat(ids.isTaken(id)).isFalse();
  }

  @Test
  void a_name_comes_before_an_id() throws IOException {
    String prefix = store.id("db").text().substring(0, 8);
    store.fill(prefix);

    assertThat(store.volumes().inspect(prefix).volume().name().text()).isEqualTo(prefix);
  }

  @Test
  void an_id_that_several_volumes_begin_with_names_none() throws IOException {
    store.fill("db2");
    Path file = store.home("db2").resolve("volume.json");
    String shared = store.id("db").text().substring(0, 13);
    String other = shared + store.id("db2").text().substring(13);
    Files.writeString(file, Files.readString(file).replace(store.id("db2").text(), other));

    assertThatThrownBy(() -> store.volumes().remove(shared, Removal.Mode.FORCE))
        .isInstanceOf(AmbiguousId.class)
        .hasMessage(shared + " matches the ids of several volumes: db, db2");
    assertThat(store.list().volumes()).hasSize(2);
  }

  /** A channel that this process opens itself is as good as another process. */
  @ParameterizedTest
  @ValueSource(strings = {"move.lock", "restore.lock"})
  void a_volume_that_another_process_moves_or_restores_keeps_its_name(String lock)
      throws IOException {
    Path file = store.home("db").resolve(lock);
    try (FileChannel other =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = other.lock()) {
      for (Removal.Mode mode : Removal.Mode.values()) {
        assertThatThrownBy(() -> store.volumes().remove("db", mode))
            .hasMessageMatching("remove db: .*(being moved|restore of this volume is running)");
      }
      assertThatThrownBy(() -> store.volumes().rename("db", "db2"))
          .hasMessageMatching("rename db: .*(being moved|restore of this volume is running)");
      assertThat(prune().removed()).isEmpty();
    }
    store.volumes().rename("db", "db2");
    assertThat(prune().removed()).hasSize(1);
  }

  @Test
  void a_protected_volume_is_not_removed() {
    protect(Protection.always());

    for (Removal.Mode mode : Removal.Mode.values()) {
      assertThatThrownBy(() -> store.volumes().remove("db", mode))
          .isInstanceOf(ProtectedVolume.class)
          .hasMessage("remove db: volume is protected");
    }
    assertThat(prune().removed()).isEmpty();

    protect(Protection.none());
    assertThat(prune().removed()).hasSize(1);
  }

  private Pruning.Result prune() {
    VolumeFilter all =
        VolumeFilter.forPrune(true, FilterArguments.NONE, store.volumes().filterContext());
    return store.volumes().pruning().prune(all);
  }

  @Test
  void protection_ends_by_itself() {
    protect(new Protection.Until(Store.NOW.plus(Duration.ofSeconds(1))));
    assertThatThrownBy(() -> store.volumes().remove("db", Removal.Mode.FORCE))
        .hasMessage("remove db: volume is protected until 2026-11-20T10:00:01Z");

    protect(new Protection.Until(Store.NOW));
    store.volumes().remove("db", Removal.Mode.NORMAL);
  }

  @Test
  void a_protected_volume_grows_and_does_not_shrink() {
    store
        .volumes()
        .create(
            new VolumeRequest(
                    new VolumeName("growing"),
                    "growing",
                    Options.NONE.with("size", "10"),
                    Labels.NONE,
                    Ownership.DEFAULT)
                .withProtection(Protection.always()));

    assertThatThrownBy(() -> store.sizes().resize("growing", new Size(9)))
        .isInstanceOf(ProtectedVolume.class);
    assertThat(store.sizes().resize("growing", new Size(10)).options().map())
        .containsEntry("size", "10");
    assertThat(store.sizes().resize("growing", new Size(20)).options().map())
        .containsEntry("size", "20");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "2026-11-20", "1h", "2026-11-20T10:00:00Z"})
  void protection_ends_in_the_future(String text) {
    Clock clock = Clock.fixed(Store.NOW, ZoneOffset.UTC);

    assertThatThrownBy(() -> Protection.until(text, clock)).isInstanceOf(InvalidTime.class);
    assertThat(Protection.until("2026-11-21", clock).text()).isEqualTo("2026-11-21T00:00:00Z");
  }
}
