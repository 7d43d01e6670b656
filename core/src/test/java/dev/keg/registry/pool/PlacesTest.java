package dev.keg.registry.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.PoolException.NoSuchPool;
import dev.keg.error.PoolException.PoolMissing;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where each volume is, as the files of a root say. */
class PlacesTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final PoolName FAST = new PoolName("fast");
  private static final PoolName COLD = new PoolName("cold");

  private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
  private final Path root = top.resolve("root");
  private final Path disk = top.resolve("disk");
  private final Places places = new Places(root);

  @BeforeEach
  void make() throws IOException {
    for (Path directory : List.of(root.resolve("pooled"), disk, root.resolve("archives/cold"))) {
      Files.createDirectories(directory);
    }
    Pool fast = new Pool(FAST, disk, "1", Optional.empty(), root);
    Pool cold = new Pool(COLD, root.resolve("archives/cold"), "2", Optional.of("/backups"), root);
    Files.write(root.resolve("keg.json"), new RootMarker(false, List.of(fast, cold)).bytes());
    identify(disk, FAST, "1");
    identify(root.resolve("archives/cold"), COLD, "2");
  }

  private void identify(Path directory, PoolName name, String id) throws IOException {
    Files.write(Pool.file(directory), new Pool.Identity(name, id, root.toString()).bytes());
  }

  private void pool(String content) throws IOException {
    Files.writeString(root.resolve("pooled/db"), content);
  }

  @Test
  void a_place_has_directories_for_volumes_unfinished_and_removed_ones() {
    Place own = places.own();

    assertThat(own.isDefault()).isTrue();
    assertThat(new Place(FAST, disk).isDefault()).isFalse();
    assertThat(own.home(DB).path()).isEqualTo(root.resolve("volumes/db"));
    assertThat(own.volumes()).isEqualTo(root.resolve("volumes"));
    assertThat(own.staging()).isEqualTo(root.resolve("staging"));
    assertThat(own.trash()).isEqualTo(root.resolve("trash"));
    assertThat(own.arriving()).isEqualTo(root.resolve("arriving"));
  }

  @Test
  void a_volume_is_in_the_root_unless_a_file_names_its_pool() throws IOException {
    assertThat(places.poolOf(DB)).isEqualTo(PoolName.DEFAULT);
    assertThat(places.of(DB)).isEqualTo(places.own());

    Files.write(places.file(DB), Places.content(FAST));

    assertThat(Files.readString(root.resolve("pooled/db")))
        .isEqualTo("{\"schema\":1,\"pool\":\"fast\"}\n");
    assertThat(places.poolOf(DB)).isEqualTo(FAST);
    assertThat(places.of(DB)).isEqualTo(new Place(FAST, disk));
    assertThat(places.names()).containsExactly("db");
  }

  @Test
  void a_root_that_never_had_a_pool_has_no_names_in_pools() throws IOException {
    assertThat(places.arePooled()).isTrue();
    assertThat(places.names()).isEmpty();
    Files.delete(root.resolve("pooled"));

    assertThat(places.arePooled()).isFalse();
    assertThat(places.names()).isEmpty();
    assertThat(places.poolOf(DB)).isEqualTo(PoolName.DEFAULT);
    assertThat(new Places(disk).pools()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          { | it is cut off
          {"schema":1} | field "pool" is missing
          {"schema":1,"pool":"-"} | invalid pool name: '-'
          {"schema":1,"pool":"fast","more":1} | unknown field "more"
          """)
  void a_file_that_names_no_pool_is_damage(String content, String reason) throws IOException {
    pool(content);

    assertThatThrownBy(() -> places.poolOf(DB))
        .isInstanceOf(Damaged.class)
        .hasMessage("/root/pooled/db is damaged: " + reason);
  }

  @Test
  void what_cannot_be_read_is_an_error_and_not_the_root() throws IOException {
    Files.createDirectory(root.resolve("pooled/db"));
    assertThatThrownBy(() -> places.poolOf(DB))
        .isInstanceOf(FileFailure.class)
        .hasMessage("read: /root/pooled/db: a directory");
    Files.delete(root.resolve("pooled/db"));
    pool("{\"schema\":2}");
    assertThatThrownBy(() -> places.poolOf(DB)).isInstanceOf(NewerSchema.class);
  }

  @Test
  void a_link_to_nothing_names_no_pool() throws IOException {
    Files.createSymbolicLink(root.resolve("pooled/db"), root.resolve("gone"));

    assertThat(places.poolOf(DB)).isEqualTo(PoolName.DEFAULT);
  }

  @Test
  void a_volume_of_an_unknown_or_missing_pool_is_refused_with_its_name() throws IOException {
    pool("{\"schema\":1,\"pool\":\"slow\"}");
    assertThatThrownBy(() -> places.of(DB))
        .isInstanceOf(NoSuchPool.class)
        .hasMessage("volume db is in pool slow, which this root does not have");
    pool("{\"schema\":1,\"pool\":\"fast\"}");
    Files.delete(Pool.file(disk));
    assertThatThrownBy(() -> places.of(DB))
        .isInstanceOf(PoolMissing.class)
        .hasMessage(
            "volume db is in pool fast, which is missing: /disk: there is no keg-pool.json in it");
    assertThat(places.poolOf(DB)).isEqualTo(FAST);
  }

  @Test
  void a_pool_is_required_by_its_name() throws IOException {
    assertThat(places.require(PoolName.DEFAULT)).isEqualTo(places.own());
    assertThat(places.require(FAST)).isEqualTo(new Place(FAST, disk));
    assertThatThrownBy(() -> places.require(new PoolName("slow")))
        .isInstanceOf(NoSuchPool.class)
        .hasMessage("no such pool: slow");
    Files.delete(Pool.file(disk));
    assertThatThrownBy(() -> places.require(FAST))
        .isInstanceOf(PoolMissing.class)
        .hasMessage("pool fast is missing: /disk: there is no keg-pool.json in it");
  }

  @Test
  void only_an_archive_has_a_repository() {
    assertThat(places.repository(COLD)).contains("/backups");
    assertThat(places.repository(FAST)).isEmpty();
    assertThat(places.repository(PoolName.DEFAULT)).isEmpty();
  }

  @Test
  void the_places_that_are_present_are_the_root_and_its_available_pools() throws IOException {
    Place fast = new Place(FAST, disk);
    Place cold = new Place(COLD, root.resolve("archives/cold"));
    assertThat(places.present()).containsExactly(places.own(), fast, cold);

    Files.delete(Pool.file(disk));

    assertThat(places.present()).containsExactly(places.own(), cold);
  }

  @Test
  void a_path_belongs_to_the_innermost_place_around_it() {
    assertThat(places.around(root.resolve("staging/x"))).isEqualTo(places.own());
    assertThat(places.around(disk.resolve("staging/x")).pool()).isEqualTo(FAST);
    assertThat(places.around(root.resolve("archives/cold/x")).pool()).isEqualTo(COLD);
    assertThatThrownBy(() -> places.around(top.resolve("elsewhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("/elsewhere is in no pool");
  }
}
