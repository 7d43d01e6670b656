package dev.keg.registry;

import static dev.keg.registry.RootInMemory.CREATED;
import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.WWW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.AmbiguousId;
import dev.keg.volume.Host;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdLookupTest {
  private static final VolumeId ONE = VolumeId.parse("0b4e1c9a-0000-4000-8000-000000000001");
  private static final VolumeId TWO = VolumeId.parse("0b4e1c9a-0000-4000-8000-000000000002");

  private final RootInMemory root = new RootInMemory();

  private static Volume volume(VolumeName name, VolumeId id) {
    Volume volume = RootInMemory.volume(name);
    return volume.withDetails(volume.details().ofNew(id, CREATED, Host.UNKNOWN));
  }

  private VolumeRegistry make(VolumeName name, VolumeId id) {
    VolumeRegistry registry = root.open();
    VolumeHome staged = registry.stage(name, PoolName.DEFAULT);
    registry.publish(volume(name, id), staged);
    return registry;
  }

  @ParameterizedTest
  @CsvSource({
    "db, db",
    "gone, gone",
    "0b4e1c9a, db",
    "0B4E1C9A-0000, db",
    "0b4e1c9a-0000-4000-8000-000000000001, db",
    "0b4e1c9a-0000-4000-8000-000000000009, 0b4e1c9a-0000-4000-8000-000000000009",
    "0b4e1c9, 0b4e1c9",
    "a/b, ",
  })
  void a_text_is_a_name_or_the_beginning_of_an_id(String text, String name) {
    VolumeRegistry registry = make(DB, ONE);

    assertThat(registry.ids().nameOf(text).map(VolumeName::text))
        .isEqualTo(Optional.ofNullable(name));
  }

  @Test
  void a_name_takes_precedence_over_an_id() {
    make(DB, ONE);
    VolumeName like = new VolumeName("0b4e1c9a");
    VolumeRegistry registry = make(like, VolumeId.parse("ffffffff-0000-4000-8000-000000000000"));

    assertThat(registry.ids().nameOf("0b4e1c9a")).contains(like);
  }

  @Test
  void the_beginning_of_several_ids_identifies_no_volume() {
    make(DB, ONE);
    VolumeRegistry registry = make(WWW, TWO);

    assertThatThrownBy(() -> registry.ids().nameOf("0b4e1c9a"))
        .isInstanceOf(AmbiguousId.class)
        .hasMessage("0b4e1c9a matches the ids of several volumes: db, www");
    assertThat(registry.ids().nameOf(TWO.text())).contains(WWW);
  }

  @Test
  void damaged_volumes_have_no_id() throws IOException {
    make(DB, ONE);
    VolumeRegistry registry = make(WWW, TWO);
    Files.writeString(root.layout.home(DB).file("volume.json"), "");

    assertThat(registry.ids().nameOf("0b4e1c9a")).contains(WWW);
    assertThat(registry.ids().isTaken(ONE)).isFalse();
    assertThat(registry.ids().isTaken(TWO)).isTrue();
  }

  @Test
  void an_id_is_taken_while_a_volume_has_it() {
    VolumeRegistry registry = make(DB, ONE);

    assertThat(registry.ids().isTaken(ONE)).isTrue();
    assertThat(registry.ids().isTaken(TWO)).isFalse();
    make(WWW, TWO);
    assertThat(registry.ids().isTaken(TWO)).isTrue();
    registry.remove(List.of(DB), Size.ZERO);
    assertThat(registry.ids().isTaken(ONE)).isFalse();
  }

  @Test
  void each_description_is_read_once() throws IOException {
    VolumeRegistry registry = make(DB, ONE);
    assertThat(registry.ids().isTaken(ONE)).isTrue();

    Files.writeString(root.layout.home(DB).file("volume.json"), "");

    assertThat(registry.ids().isTaken(ONE)).isTrue();
  }

  @Test
  void the_volumes_of_a_shared_registry_are_those_of_its_catalog() {
    VolumeName like = new VolumeName("0b4e1c9a");
    MemoryCatalog catalog = new MemoryCatalog(volume(DB, ONE), RootInMemory.volume(like));
    VolumeRegistry registry = root.closed((_, _) -> catalog);

    assertThat(registry.ids().nameOf("0b4e1c9a")).contains(like);
    assertThat(registry.ids().nameOf(ONE.text())).contains(DB);
    assertThat(registry.ids().isTaken(ONE)).isTrue();
  }
}
