package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.FAST;
import static dev.keg.registry.RootInMemory.WWW;
import static dev.keg.registry.RootInMemory.volume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.NotRegistered;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.fixtures.fault.Operation;
import dev.keg.fixtures.fault.Operation.Kind;
import dev.keg.registry.Catalog.Staged;
import dev.keg.registry.Catalog.UsableOn;
import dev.keg.volume.Options;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileCatalogTest {
  private final RootInMemory root = new RootInMemory();

  private List<Staged> staged(VolumeRegistry registry, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new VolumeName("v" + i))
        .map(name -> staged(registry, name, PoolName.DEFAULT))
        .toList();
  }

  private static Staged staged(VolumeRegistry registry, VolumeName name, PoolName pool) {
    VolumeHome home = registry.stage(name, pool);
    RootInMemory.fill(home, "");
    return new Staged(volume(name), home, UsableOn.ITS_HOST);
  }

  /** A file system that can be synced as a whole, or fails to sync one directory. */
  private final class Disk implements DirectorySync {
    Optional<Path> broken = Optional.empty();
    boolean whole;

    @Override
    public void sync(Path directory) throws IOException {
      if (broken.filter(directory::equals).isPresent()) {
        throw new IOException("the disk is broken");
      }
      root.synced.add(directory);
    }

    @Override
    public boolean syncAll(Path directory) throws IOException {
      if (whole) {
        sync(directory);
      }
      return whole;
    }
  }

  private final Disk sync = new Disk();

  private VolumeRegistry open() {
    VolumeRegistry registry = root.with(sync, null);
    registry.openForWriting();
    return registry;
  }

  @ParameterizedTest
  @CsvSource({"7, 21", "8, 17"})
  void many_volumes_are_published_with_one_sync_of_their_directory(int count, int syncs) {
    VolumeRegistry registry = open();
    List<Staged> all = staged(registry, count);
    root.synced.clear();

    assertThat(registry.catalog().publishAll(all)).isEmpty();

    assertThat(registry.names()).hasSize(count);
    assertThat(root.synced).hasSize(syncs).endsWith(root.layout.volumes());
    for (Staged one : all) {
      assertThat(root.synced).contains(one.home().path(), one.home().data());
      assertThat(forced()).contains(one.home().file("volume.json").toString());
    }
  }

  private List<String> forced() {
    return root.files.operations().stream()
        .filter(one -> one.kind() == Kind.FORCE)
        .map(Operation::path)
        .toList();
  }

  @Test
  void a_file_system_that_is_synced_as_a_whole_needs_no_sync_of_each_file() {
    VolumeRegistry registry = open();
    List<Staged> all = staged(registry, 8);
    root.synced.clear();
    sync.whole = true;

    assertThat(registry.catalog().publishAll(all)).isEmpty();

    assertThat(root.synced).containsExactly(root.layout.staging(), root.layout.volumes());
    assertThat(forced()).noneMatch(file -> file.endsWith("volume.json"));
  }

  @Test
  void many_volumes_are_published_in_the_pools_of_their_homes() {
    root.addPool();
    VolumeRegistry registry = open();
    List<Staged> all = new ArrayList<>(staged(registry, 8));
    all.add(staged(registry, DB, FAST));

    assertThat(registry.catalog().publishAll(all)).isEmpty();

    assertThat(root.layout.home(DB).path()).isEqualTo(root.disk.resolve("volumes/db"));
    assertThat(registry.find(DB)).isPresent();
    assertThat(root.synced).contains(root.layout.volumes(), root.disk.resolve("volumes"));
  }

  @Test
  void one_of_many_volumes_that_cannot_be_written_or_renamed_does_not_stop_the_others()
      throws IOException {
    VolumeRegistry registry = open();
    List<Staged> all = staged(registry, 10);
    registry.abandon(all.get(3).home());
    RootInMemory.write(root.layout.volumes().resolve("v5/file"), "in the way");

    Map<Staged, VolumeException> failures = registry.catalog().publishAll(all);

    assertThat(failures).containsOnlyKeys(all.get(3), all.get(5));
    assertThat(failures.values())
        .extracting(VolumeException::getMessage)
        .satisfiesExactly(
            message -> assertThat(message).startsWith("create v3: "),
            message -> assertThat(message).startsWith("create v5: "));
    assertThat(registry.catalog().list())
        .filteredOn(RegistryEntry.Intact.class::isInstance)
        .hasSize(8);
  }

  @Test
  void one_of_few_volumes_that_cannot_be_written_does_not_stop_the_others() {
    VolumeRegistry registry = open();
    List<Staged> all = staged(registry, 3);
    registry.abandon(all.getFirst().home());

    assertThat(registry.catalog().publishAll(all)).containsOnlyKeys(all.getFirst());

    assertThat(registry.names()).hasSize(2);
  }

  @Test
  void no_volume_appears_if_the_disk_does_not_have_all_of_them() {
    VolumeRegistry registry = open();
    List<Staged> all = staged(registry, 8);
    sync.broken = Optional.of(all.get(7).home().data());

    assertThat(registry.catalog().publishAll(all))
        .containsOnlyKeys(all)
        .allSatisfy((_, why) -> assertThat(why).hasMessageEndingWith("the disk is broken"));

    assertThat(registry.names()).isEmpty();
  }

  @Test
  void names_that_may_not_be_on_disk_are_failures_and_each_volume_has_its_own_reason()
      throws IOException {
    VolumeRegistry registry = open();
    List<Staged> all = staged(registry, 8);
    RootInMemory.write(root.layout.volumes().resolve("v5/file"), "in the way");
    sync.broken = Optional.of(root.layout.volumes());

    Map<Staged, VolumeException> failures = registry.catalog().publishAll(all);

    assertThat(failures).containsOnlyKeys(all);
    assertThat(failures.get(all.get(5))).hasMessageStartingWith("create v5: ");
    assertThat(failures.get(all.get(6))).hasMessageStartingWith("create volumes: ");
  }

  @Test
  void a_home_without_a_directory_of_data_is_published() {
    VolumeRegistry registry = root.open();
    VolumeHome staged = registry.stage(DB, PoolName.DEFAULT);
    root.synced.clear();

    registry.publish(volume(DB), staged);

    assertThat(registry.find(DB)).contains(volume(DB));
    assertThat(root.synced).containsExactly(staged.path(), root.layout.volumes());
  }

  @Test
  void a_directory_instead_of_the_description_is_damage() throws IOException {
    Path file = root.make(DB, PoolName.DEFAULT).file("volume.json");
    Files.delete(file);
    Files.createDirectory(file);

    assertThatThrownBy(() -> root.open().find(DB))
        .isInstanceOf(Damaged.class)
        .hasMessage("volume db is damaged: " + file + ": it is a directory");
  }

  @Test
  void a_description_that_cannot_be_read_is_not_a_missing_volume() throws IOException {
    Path file = root.make(DB, PoolName.DEFAULT).file("volume.json");
    Files.delete(file);
    Files.createSymbolicLink(file, file);

    assertThatThrownBy(() -> root.open().find(DB))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("read volume db: " + file);
  }

  @Test
  void the_volume_of_a_pool_is_listed_although_a_move_has_left_its_old_home() throws IOException {
    root.make(DB, PoolName.DEFAULT);
    Files.move(root.layout.home(DB).path(), root.files.getPath("/srv/old"));
    root.addPool();
    root.make(DB, FAST);
    Path old = Files.move(root.files.getPath("/srv/old"), root.layout.volumes().resolve("db"));
    Files.delete(old.resolve("volume.json"));
    root.make(WWW, PoolName.DEFAULT);

    assertThat(root.open().list())
        .containsExactly(
            new RegistryEntry.Intact(volume(DB)), new RegistryEntry.Intact(volume(WWW)));
    assertThat(root.open().names()).containsExactly(DB, WWW);
  }

  @Test
  void a_name_that_is_recorded_in_a_pool_without_such_a_volume_is_no_volume() throws IOException {
    root.addPool();
    root.make(DB, FAST);
    root.make(WWW, FAST);
    root.open().abandon(root.layout.home(DB));

    assertThat(root.open().names()).containsExactly(WWW);
    assertThat(root.open().list()).containsExactly(new RegistryEntry.Intact(volume(WWW)));
    RootInMemory.write(root.disk.resolve("volumes/db"), "not a directory");
    assertThat(root.open().names()).containsExactly(WWW);
  }

  @Test
  void the_names_of_a_missing_pool_are_left_out_and_its_volumes_are_problems() throws IOException {
    root.addPool();
    root.make(DB, FAST);
    root.make(WWW, PoolName.DEFAULT);
    root.unmount();

    assertThat(root.open().names()).containsExactly(WWW);
    assertThat(root.open().list())
        .filteredOn(RegistryEntry.Broken.class::isInstance)
        .singleElement()
        .extracting(entry -> ((RegistryEntry.Broken) entry).name())
        .isEqualTo("db");
  }

  @Test
  void a_volume_keeps_its_pool_when_it_is_renamed() throws IOException {
    root.addPool();
    root.make(DB, FAST);
    root.synced.clear();
    VolumeRegistry registry = root.open();

    registry.rename(DB, WWW);

    assertThat(root.disk.resolve("volumes/www/_data/file")).hasContent("db");
    assertThat(registry.find(WWW)).contains(volume(WWW).withDetails(volume(DB).details()));
    assertThat(registry.find(DB)).isEmpty();
    Path pooled = root.layout.places().pooled();
    assertThat(Files.readString(pooled.resolve("www")))
        .isEqualTo("{\"schema\":1,\"pool\":\"fast\"}\n");
    assertThat(pooled.resolve("db")).doesNotExist();
    assertThat(root.synced).containsExactly(pooled, root.disk.resolve("volumes"), pooled);
  }

  @Test
  void the_first_volume_in_a_pool_makes_the_directory_of_records() throws IOException {
    root.addPool();
    root.synced.clear();

    root.make(DB, FAST);
    assertThat(root.synced).contains(root.layout.root());
    assertThat(RootInMemory.mode(root.layout.places().pooled())).isEqualTo("rwx------");
    root.synced.clear();
    root.make(WWW, FAST);
    assertThat(root.synced)
        .contains(root.layout.places().pooled())
        .doesNotContain(root.layout.root());
  }

  @Test
  void removed_volumes_leave_their_pools() {
    root.addPool();
    root.make(DB, FAST);
    root.make(WWW, PoolName.DEFAULT);
    root.synced.clear();

    root.open().remove(List.of(DB, WWW), Size.ZERO);

    assertThat(root.open().names()).isEmpty();
    assertThat(root.disk.resolve("trash")).isEmptyDirectory();
    assertThat(root.layout.trash()).isEmptyDirectory();
    assertThat(root.layout.places().pooled()).isEmptyDirectory();
    assertThat(root.synced)
        .containsExactly(
            root.disk.resolve("volumes"), root.layout.volumes(), root.layout.places().pooled());
  }

  private static final Volume ON_SERVER = volume(DB);

  private Catalog catalog() {
    return root.open().catalog();
  }

  @Test
  void the_home_of_a_volume_on_a_server_is_made_with_a_mark() throws IOException {
    catalog().prepareHome(ON_SERVER);

    VolumeHome home = root.layout.home(DB);
    assertThat(catalog().find(DB)).contains(ON_SERVER);
    assertThat(RootInMemory.mode(home.path())).isEqualTo("rwx--x--x");
    assertThat(RootInMemory.mode(home.data())).isEqualTo("rwxr-xr-x");
    assertThat(root.layout.onServer(home)).isEmptyFile();
  }

  @Test
  void a_home_that_is_ready_is_not_written_again() {
    Catalog catalog = catalog();
    catalog.prepareHome(ON_SERVER);
    int before = root.files.operations().size();

    catalog.prepareHome(ON_SERVER);

    assertThat(root.files.operations()).hasSize(before);
  }

  @Test
  void a_home_takes_over_the_driver_and_the_options_but_nothing_else() {
    Catalog catalog = catalog();
    catalog.prepareHome(ON_SERVER.withDescription("mine"));
    Options options = Options.parse(List.of("o=addr=nas"));

    catalog.prepareHome(ON_SERVER.withOptions(options).withDescription("theirs"));

    assertThat(catalog.find(DB)).contains(ON_SERVER.withOptions(options).withDescription("mine"));
  }

  private static Volume another() {
    VolumeId id = VolumeId.random(new SplittableRandom(7));
    return ON_SERVER.withDetails(
        ON_SERVER.details().ofNew(id, RootInMemory.CREATED, ON_SERVER.details().host()));
  }

  @Test
  void the_empty_home_of_another_volume_on_a_server_makes_room() {
    Catalog catalog = catalog();
    catalog.prepareHome(ON_SERVER);

    catalog.prepareHome(another());

    assertThat(catalog.find(DB)).contains(another());
    assertThat(root.layout.trash()).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"attachments/web", "snapshots/one", "_data/file"})
  void a_home_with_content_is_never_cleared(String content) throws IOException {
    Catalog catalog = catalog();
    catalog.prepareHome(ON_SERVER);
    Path file = RootInMemory.write(root.layout.home(DB).file(content), "");

    assertThatThrownBy(() -> catalog.prepareHome(another()))
        .isInstanceOf(NotRegistered.class)
        .hasMessage("prepare db: /srv/root/volumes/db is not in the shared registry");

    assertThat(file).exists();
    Files.delete(file);
    catalog.clearHome("create", DB);
    assertThat(root.layout.home(DB).path()).doesNotExist();
  }

  @Test
  void a_home_that_was_never_on_a_server_is_never_cleared() throws IOException {
    Catalog catalog = catalog();
    Path home = Files.createDirectory(root.layout.home(DB).path());

    assertThatThrownBy(() -> catalog.clearHome("create", DB)).isInstanceOf(NotRegistered.class);

    assertThat(home).exists();
    catalog.clearHome("create", WWW);
  }
}
