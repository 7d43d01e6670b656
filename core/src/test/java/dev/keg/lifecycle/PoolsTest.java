package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.keg.error.PoolException.NoSuchPool;
import dev.keg.error.PoolException.PoolInUse;
import dev.keg.error.PoolException.PoolMissing;
import dev.keg.error.PoolException.PoolRefused;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.file.FileFailures;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.registry.pool.Pool;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.usage.PortableTreeScans;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolsTest {
  private static final PoolName FAST = new PoolName("fast");

  @TempDir Path scratch;
  private Path disk;
  private Store store;

  @BeforeEach
  void make() throws IOException {
    scratch = scratch.toRealPath();
    disk = scratch.resolve("disk");
    store = open();
    store.registry().pools().add(FAST, disk);
  }

  private Store open() {
    return Store.open(scratch.resolve("root"));
  }

  private void create(String name) {
    store.volumes().create(VolumeRequest.named(new VolumeName(name)).in(Optional.of(FAST)));
  }

  private List<String> names() {
    return open().registry().names().stream().map(VolumeName::text).toList();
  }

  /** Unmounts the disk: only the directory below it remains. */
  private void unmount() throws IOException {
    Files.move(disk, scratch.resolve("elsewhere"));
    Files.createDirectory(disk);
  }

  private void mount() throws IOException {
    Files.delete(disk);
    Files.move(scratch.resolve("elsewhere"), disk);
  }

  @Test
  void a_volume_lies_in_the_pool_that_was_asked_for() throws IOException {
    create("db");
    assertThat(store.home("db")).isEqualTo(disk.resolve("volumes/db"));
    assertThat(disk.resolve("volumes/db/volume.json")).exists();
    assertThat(names()).containsExactly("db");
    assertThat(open().content()).containsOnlyKeys("db");
  }

  @Test
  void a_label_chooses_the_pool_of_a_new_volume() {
    Labels labels = Labels.parse(List.of("keg.pool=fast"));
    store
        .volumes()
        .create(
            new VolumeRequest(new VolumeName("db"), "", Options.NONE, labels, Ownership.DEFAULT));
    assertThat(store.home("db")).isEqualTo(disk.resolve("volumes/db"));
  }

  @Test
  void an_unknown_pool_is_refused() {
    VolumeRequest request =
        VolumeRequest.named(new VolumeName("db")).in(Optional.of(new PoolName("slow")));
    assertThatThrownBy(() -> store.volumes().create(request)).isInstanceOf(NoSuchPool.class);
    assertThat(names()).isEmpty();
  }

  @Test
  void an_existing_volume_in_another_pool_differs() {
    store.volumes().create(VolumeRequest.named(new VolumeName("db")));
    CreateResult found =
        store.volumes().create(VolumeRequest.named(new VolumeName("db")).in(Optional.of(FAST)));
    assertThat(found.differences()).containsExactly("it is in pool default");
    CreateResult there =
        store
            .volumes()
            .create(VolumeRequest.named(new VolumeName("db")).in(Optional.of(PoolName.DEFAULT)));
    assertThat(there.differences()).isEmpty();
  }

  @Test
  void renaming_removing_and_snapshots_stay_in_the_pool() throws IOException {
    create("db");
    store.volumes().rename("db", "db2");
    assertThat(disk.resolve("volumes/db2/_data")).exists();
    store
        .snapshots()
        .create(
            new SnapshotRequest(
                "db2", Optional.of(new SnapshotName("night")), Optional.empty(), false));
    store.cloning().clone(VolumeAt.parse("db2@night"), "copy", Labels.NONE);
    assertThat(disk.resolve("volumes/copy/_data")).exists();
    assertThat(names()).containsExactly("copy", "db2");
    store.volumes().remove("copy", Removal.Mode.NORMAL);
    assertThat(names()).containsExactly("db2");
    assertThat(disk.resolve("trash")).isEmptyDirectory();
    assertThat(scratch.resolve("root/pooled")).isDirectoryContaining("glob:**/db2");
    assertThat(scratch.resolve("root/pooled/copy")).doesNotExist();
  }

  @Test
  void a_disk_that_is_not_mounted_is_never_an_empty_pool() throws IOException {
    create("db");
    unmount();
    Store later = open();
    assertThat(later.list().volumes()).isEmpty();
    assertThat(later.list().problems())
        .singleElement()
        .isInstanceOf(PoolMissing.class)
        .hasToString(
            "dev.keg.error.PoolException$PoolMissing: volume db is in pool fast, which is missing:"
                + " %s: there is no keg-pool.json in it".formatted(disk));
    for (Optional<PoolName> pool : List.of(Optional.<PoolName>empty(), Optional.of(FAST))) {
      VolumeRequest again = VolumeRequest.named(new VolumeName("db")).in(pool);
      assertThatThrownBy(() -> later.volumes().create(again)).isInstanceOf(PoolMissing.class);
    }
    assertThatThrownBy(() -> later.volumes().remove("db", Removal.Mode.FORCE))
        .isInstanceOf(PoolMissing.class);
    assertThatThrownBy(() -> later.volumes().rename("db", "db2")).isInstanceOf(PoolMissing.class);
    assertThatThrownBy(() -> later.registry().pools().remove(FAST, false))
        .isInstanceOf(PoolMissing.class);
    assertThat(disk).isEmptyDirectory();
    mount();
    assertThat(open().content()).containsOnlyKeys("db");
  }

  @Test
  void another_disk_in_its_place_is_not_the_pool() throws IOException {
    create("db");
    Path other = scratch.resolve("other");
    Store.open(scratch.resolve("root2")).registry().pools().add(FAST, other);
    unmount();
    Files.delete(disk);
    Files.move(other, disk);
    assertThatThrownBy(() -> open().volumes().inspect("db"))
        .isInstanceOf(PoolMissing.class)
        .hasMessageEndingWith("it is another pool, named fast");
  }

  @Test
  void other_volumes_work_while_a_disk_is_not_mounted() throws IOException {
    create("db");
    unmount();
    store = open();
    store.volumes().create(VolumeRequest.named(new VolumeName("www")));
    assertThat(names()).containsExactly("www");
    assertThat(open().registry().pools().volumes(PoolName.DEFAULT))
        .containsExactly(new VolumeName("www"));
    store.volumes().remove("www", Removal.Mode.NORMAL);
  }

  @Test
  void the_room_of_a_pool_is_known_while_its_disk_is_mounted() throws IOException {
    create("db");
    store.registry().pools().addArchive(new PoolName("cold"), "/srv/backups");
    assertThat(states())
        .extracting(state -> state.name().text(), PoolState::volumes, state -> hasRoom(state))
        .containsExactly(
            tuple("default", 0, true), tuple("fast", 1, true), tuple("cold", 0, false));

    unmount();

    assertThat(states())
        .filteredOn(state -> state.name().equals(FAST))
        .singleElement()
        .satisfies(
            fast -> {
              assertThat(fast.missing()).contains("there is no keg-pool.json in it");
              assertThat(fast.room()).isEmpty();
              assertThat(fast.volumes()).isEqualTo(1);
            });
  }

  private List<PoolState> states() {
    return PoolState.all(open().registry(), new PortableTreeScans());
  }

  private static boolean hasRoom(PoolState state) {
    return state.room().isPresent();
  }

  @Test
  void a_pool_with_volumes_is_not_removed() {
    create("db");
    assertThatThrownBy(() -> store.registry().pools().remove(FAST, true))
        .isInstanceOf(PoolInUse.class);
    store.volumes().remove("db", Removal.Mode.NORMAL);
    store.registry().pools().remove(FAST, false);
    assertThat(disk).isEmptyDirectory();
    assertThat(open().registry().pools().list()).isEmpty();
  }

  @Test
  void a_lost_pool_is_forgotten_and_its_volumes_come_back_with_it() throws IOException {
    create("db");
    create("www");
    unmount();
    store = open();
    store.registry().pools().remove(FAST, true);
    assertThat(names()).isEmpty();
    store.volumes().create(VolumeRequest.named(new VolumeName("www")));
    mount();
    Pool found = open().registry().pools().add(FAST, disk);
    assertThat(names()).containsExactly("db", "www");
    assertThat(open().home("db")).isEqualTo(disk.resolve("volumes/db"));
    assertThat(open().home("www")).isEqualTo(scratch.resolve("root/volumes/www"));
    assertThat(open().registry().pools().strangers(found.place()))
        .containsExactly(disk.resolve("volumes/www"));
  }

  @Test
  void a_disk_that_comes_back_can_have_another_name() throws IOException {
    create("db");
    unmount();
    store = open();
    store.registry().pools().remove(FAST, true);
    store.registry().pools().add(FAST, scratch.resolve("new"));
    mount();
    open().registry().pools().add(new PoolName("old"), disk);
    assertThat(names()).containsExactly("db");
    assertThat(open().home("db")).isEqualTo(disk.resolve("volumes/db"));
  }

  @Test
  void a_copy_of_a_root_does_not_have_its_pools_and_a_root_that_was_moved_takes_them()
      throws IOException {
    create("db");
    Path other = scratch.resolve("other");
    Store.open(other).registry().openForWriting();
    Files.copy(
        scratch.resolve("root/keg.json"),
        other.resolve("keg.json"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.createDirectory(other.resolve("pooled"));
    Files.copy(scratch.resolve("root/pooled/db"), other.resolve("pooled/db"));
    assertThatThrownBy(() -> Store.open(other).volumes().remove("db", Removal.Mode.NORMAL))
        .isInstanceOf(PoolMissing.class)
        .hasMessageContaining("it belongs to the root " + scratch.resolve("root"));
    assertThatThrownBy(() -> Store.open(other).registry().pools().add(FAST, disk))
        .isInstanceOf(PoolRefused.class);
    assertThat(names()).containsExactly("db");

    Files.move(scratch.resolve("root"), scratch.resolve("away"));
    Store.open(other).registry().pools().add(FAST, disk);
    assertThat(Store.open(other).home("db")).isEqualTo(disk.resolve("volumes/db"));
    assertThat(Store.open(other).registry().names()).containsExactly(new VolumeName("db"));
  }

  @Test
  void a_directory_with_something_else_does_not_become_a_pool() throws IOException {
    Path full = Files.createDirectory(scratch.resolve("full"));
    Files.createFile(full.resolve("file"));
    for (Path bad :
        List.of(full, disk.resolve("inner"), scratch.resolve("root/volumes/x"), scratch)) {
      assertThatThrownBy(() -> store.registry().pools().add(new PoolName("slow"), bad))
          .as("%s", bad)
          .isInstanceOf(PoolRefused.class);
    }
    Store other = Store.open(scratch.resolve("root2"));
    assertThatThrownBy(() -> other.registry().pools().add(FAST, disk))
        .isInstanceOf(PoolRefused.class)
        .hasMessageContaining("is pool fast of the root " + scratch.resolve("root"));
    assertThat(store.registry().pools().list()).hasSize(1);
  }

  @Test
  void a_directory_that_others_can_change_does_not_become_a_pool() throws IOException {
    Path open = Files.createDirectory(scratch.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxr-x"));
    assertThatThrownBy(() -> store.registry().pools().add(new PoolName("slow"), open))
        .isInstanceOf(PoolRefused.class)
        .hasMessageContaining("other users can change what is in " + open);
    assertThat(store.registry().pools().list()).hasSize(1);
  }

  @Test
  void a_group_passes_to_the_volumes_in_pools_too() throws IOException {
    String group = Files.readAttributes(disk, PosixFileAttributes.class).group().getName();
    open().registry().openTo(group);
    for (Path directory : List.of(disk, disk.resolve("volumes"), scratch.resolve("root/volumes"))) {
      assertThat(Files.getPosixFilePermissions(directory))
          .isEqualTo(PosixFilePermissions.fromString("rwx--x---"));
    }
  }

  @Test
  void a_link_to_the_file_of_a_pool_is_not_the_pool() throws IOException {
    create("db");
    unmount();
    Files.createSymbolicLink(
        disk.resolve("keg-pool.json"), scratch.resolve("elsewhere/keg-pool.json"));
    assertThatThrownBy(() -> open().volumes().inspect("db"))
        .isInstanceOf(PoolMissing.class)
        .hasMessageEndingWith("it is a symbolic link");
  }

  @Test
  void a_removed_pool_can_be_added_again_if_it_has_unknown_volumes() throws IOException {
    create("db");
    unmount();
    store = open();
    store.registry().pools().remove(FAST, true);
    store.volumes().create(VolumeRequest.named(new VolumeName("db")));
    mount();
    store.registry().pools().add(FAST, disk);
    store.registry().pools().remove(FAST, false);
    assertThat(disk.resolve("volumes/db/_data")).exists();
    store.volumes().remove("db", Removal.Mode.NORMAL);
    store.registry().pools().add(FAST, disk);
    assertThat(open().home("db")).isEqualTo(disk.resolve("volumes/db"));
  }

  @Test
  void an_older_keg_refuses_a_root_with_pools() throws IOException {
    Path marker = scratch.resolve("root/keg.json");
    assertThat(Files.readString(marker)).startsWith("{\"schema\":2,\"pools\":[");
    Files.writeString(marker, "{\"schema\":4}");
    assertThatThrownBy(() -> open().list()).isInstanceOf(NewerSchema.class);
    Store archive = Store.open(scratch.resolve("root3"));
    archive.registry().pools().addArchive(new PoolName("cold"), "/srv/backups");
    assertThat(scratch.resolve("root3/keg.json"))
        .content()
        .startsWith("{\"schema\":3,")
        .contains("\"repository\":\"/srv/backups\"}]}");
    assertThat(Store.open(scratch.resolve("root3")).registry().pools().list())
        .isEqualTo(archive.registry().pools().list());
    Store plain = Store.open(scratch.resolve("root2"));
    plain.registry().openForWriting();
    assertThat(scratch.resolve("root2/keg.json")).hasContent("{\"schema\":1}");
  }

  @Test
  void a_volume_that_is_made_just_before_a_forgotten_one_returns_keeps_its_name()
      throws IOException {
    create("db");
    unmount();
    store.registry().pools().remove(FAST, true);
    mount();
    FaultyFileSystem slow = FaultyFileSystem.over(scratch.getFileSystem());
    String lock = "locks/%02x".formatted(Math.floorMod("db".hashCode(), 64));
    slow.meanwhile(lock, () -> FileFailures.run("fill", scratch, () -> open().fill("db")));

    Store.open(slow.wrap(scratch.resolve("root"))).registry().pools().add(FAST, slow.wrap(disk));

    assertThat(open().home("db")).isEqualTo(scratch.resolve("root/volumes/db"));
    assertThat(open().content().get("db")).contains("data of db");
  }
}
