package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.FAST;
import static dev.keg.registry.RootInMemory.WWW;
import static dev.keg.registry.RootInMemory.volume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.PoolException.NoSuchPool;
import dev.keg.error.PoolException.PoolInUse;
import dev.keg.error.PoolException.PoolMissing;
import dev.keg.error.PoolException.PoolRefused;
import dev.keg.error.RegistryException.NotShared;
import dev.keg.registry.pool.Place;
import dev.keg.registry.pool.Pool;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adding and removing the pools of a root. */
class RegistryPoolsTest {
  private static final PoolName SLOW = new PoolName("slow");

  private final RootInMemory root = new RootInMemory();

  private Pool add(PoolName name, Path directory) {
    return root.open().pools().add(name, directory);
  }

  private void remove(PoolName name, boolean lost) {
    root.open().pools().remove(name, lost);
  }

  private Path identity() {
    return root.disk.resolve("keg-pool.json");
  }

  private Path mkdir(String path) throws IOException {
    return Files.createDirectories(root.files.getPath(path));
  }

  private static void chmod(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @Test
  void a_new_pool_has_an_identity_and_the_directories_of_a_place() throws IOException {
    root.open();
    root.synced.clear();

    Pool pool = add(FAST, root.disk);

    assertThat(pool)
        .isEqualTo(new Pool(FAST, root.disk, pool.id(), Optional.empty(), root.layout.root()));
    assertThat(Files.readString(identity()))
        .isEqualTo(
            "{\"schema\":1,\"id\":\"%s\",\"name\":\"fast\",\"root\":\"/srv/root\"}\n"
                .formatted(pool.id()));
    assertThat(Files.readString(root.layout.marker()))
        .isEqualTo(
            "{\"schema\":2,\"pools\":[{\"directory\":\"/mnt/fast\",\"id\":\"%s\",\"name\":\"fast\"}]}\n"
                .formatted(pool.id()));
    for (String part : List.of("", "volumes", "staging", "trash")) {
      assertThat(RootInMemory.mode(root.disk.resolve(part))).as(part).isEqualTo("rwx------");
    }
    assertThat(root.open().pools().list()).containsExactly(pool);
    assertThat(root.synced)
        .containsExactly(
            root.disk,
            root.disk.resolve("volumes"),
            root.disk,
            root.disk.resolveSibling(""),
            root.layout.root());
  }

  @Test
  void a_pool_that_is_added_again_stays_the_same() {
    Pool pool = add(FAST, root.disk);
    root.make(DB, FAST);
    root.synced.clear();

    assertThat(add(FAST, root.disk)).isEqualTo(pool);

    assertThat(root.synced).as("nothing is written").isEmpty();
    assertThat(root.open().pools().list()).containsExactly(pool);
    assertThat(root.open().names()).containsExactly(DB);
  }

  @Test
  void pools_are_added_beside_each_other() throws IOException {
    Pool fast = add(FAST, root.disk);
    Pool slow = add(SLOW, root.disk.resolveSibling("slow"));

    assertThat(root.open().pools().list()).containsExactly(fast, slow);
    assertThat(slow.id()).isNotEqualTo(fast.id());
    // As after the removal of one that still had unknown volumes.
    mkdir("/mnt/fast/volumes/stranger");
    remove(FAST, false);
    assertThat(root.open().pools().list()).containsExactly(slow);
    assertThat(add(FAST, root.disk).id()).isEqualTo(fast.id());
    remove(FAST, false);
    assertThat(root.open().pools().list()).containsExactly(slow);
  }

  @ParameterizedTest
  @CsvSource({
    "default, /mnt/slow, this pool already exists",
    "fast, /mnt/slow, this pool already exists",
    "slow, /mnt/fast, one of /mnt/fast and /mnt/fast contains the other",
    "slow, /mnt/fast/inner, one of /mnt/fast/inner and /mnt/fast contains the other",
    "slow, /mnt, one of /mnt and /mnt/fast contains the other",
    "slow, /srv/root/inner, one of /srv/root/inner and /srv/root contains the other",
    "slow, /srv, one of /srv and /srv/root contains the other",
    "slow, /full, /full is not empty",
  })
  void a_pool_has_a_name_and_an_empty_directory_of_its_own(
      String name, String directory, String why) throws IOException {
    add(FAST, root.disk);
    RootInMemory.write(mkdir("/full").resolve("file"), "");
    String before = Files.readString(root.layout.marker());

    assertThatThrownBy(() -> add(new PoolName(name), root.files.getPath(directory)))
        .isInstanceOf(PoolRefused.class)
        .hasMessage("pool add " + name + ": " + why);

    assertThat(root.layout.marker()).content().isEqualTo(before);
  }

  @Test
  void a_new_disk_may_have_what_its_file_system_made_and_what_a_killed_command_left()
      throws IOException {
    mkdir("/mnt/fast/lost+found");
    RootInMemory.write(root.disk.resolve("keg-pool.json.new"), "{");

    add(FAST, root.disk);

    assertThat(root.disk.resolve("keg-pool.json.new")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "'', rwxrwx---",
    "'', rwx---rwx",
    "volumes, rwxrwxr-x",
    "staging, rwxrwxr-x",
    "trash, rwxrwxr-x",
  })
  void a_directory_that_others_can_change_does_not_become_a_pool(String part, String mode)
      throws IOException {
    Path changeable = mkdir("/mnt/fast/" + part);
    chmod(changeable, mode);

    assertThatThrownBy(() -> add(FAST, root.disk))
        .isInstanceOfSatisfying(
            PoolRefused.class,
            e -> assertThat(e.hint().orElseThrow()).contains("chown user " + changeable))
        .hasMessage("pool add fast: other users can change what is in " + changeable);
  }

  @Test
  void a_directory_of_another_user_does_not_become_a_pool() throws IOException {
    Path directory = mkdir("/mnt/fast");
    Files.setOwner(
        directory, root.files.getUserPrincipalLookupService().lookupPrincipalByName("anna"));

    assertThatThrownBy(() -> add(FAST, directory))
        .isInstanceOf(PoolRefused.class)
        .hasMessage("pool add fast: other users can change what is in /mnt/fast");
  }

  @Test
  void a_link_inside_a_new_pool_is_not_followed() throws IOException {
    mkdir("/mnt/fast");
    Files.createSymbolicLink(root.disk.resolve("volumes"), mkdir("/elsewhere"));

    assertThatThrownBy(() -> add(FAST, root.disk))
        .isInstanceOf(PoolRefused.class)
        .hasMessage("pool add fast: other users can change what is in /mnt/fast/volumes");
  }

  @Test
  void the_pool_of_another_root_is_not_taken() throws IOException {
    add(FAST, root.disk);
    RootInMemory other = root.beside("other");

    assertThatThrownBy(() -> other.open().pools().add(FAST, root.disk))
        .isInstanceOf(PoolRefused.class)
        .hasMessage("pool add fast: the directory is pool fast of the root /srv/root");
    assertThat(Files.readString(identity())).contains("/srv/root");
  }

  @Test
  void a_root_that_was_moved_takes_its_pools_and_a_copy_does_not() throws IOException {
    Pool pool = add(FAST, root.disk);
    root.make(DB, FAST);
    RootInMemory other = root.beside("other");
    other.open();
    Files.write(other.layout.marker(), Files.readAllBytes(root.layout.marker()));

    assertThatThrownBy(() -> other.open().pools().add(FAST, root.disk))
        .isInstanceOf(PoolRefused.class)
        .hasMessage("pool add fast: the directory is pool fast of the root /srv/root");
    // The root before the move has another pool now.
    Files.writeString(
        root.layout.marker(), Files.readString(root.layout.marker()).replace(pool.id(), "4711"));
    assertThat(other.open().pools().add(FAST, root.disk).id()).isEqualTo(pool.id());

    assertThat(Files.readString(identity())).contains("\"root\":\"/srv/other\"");
    assertThat(other.open().find(DB)).contains(volume(DB));
  }

  @Test
  void another_pool_at_the_known_path_is_not_taken_over() throws IOException {
    add(FAST, root.disk);
    String another = "{\"schema\":1,\"id\":\"4711\",\"name\":\"fast\",\"root\":\"/srv/gone\"}";
    Files.writeString(identity(), another);

    assertThatThrownBy(() -> add(FAST, root.disk))
        .isInstanceOf(PoolMissing.class)
        .hasMessageEndingWith("it is another pool, named fast");
    assertThat(identity()).content().isEqualTo(another);
  }

  @Test
  void an_archive_lies_in_the_root_and_names_its_repository() throws IOException {
    Pool pool = root.open().pools().addArchive(SLOW, "/backups");

    Path directory = root.layout.root().resolve("archives/slow");
    assertThat(pool.directory()).isEqualTo(directory);
    assertThat(pool.repository()).contains("/backups");
    assertThat(RootInMemory.mode(directory)).isEqualTo("rwx------");
    assertThat(RootInMemory.mode(directory.resolveSibling(""))).isEqualTo("rwx------");
    assertThat(root.open().pools().list()).containsExactly(pool);
    assertThat(root.open().pools().addArchive(SLOW, "/backups")).isEqualTo(pool);
    assertThatThrownBy(() -> root.open().pools().addArchive(SLOW, "/other"))
        .isInstanceOf(PoolRefused.class)
        .hasMessageEndingWith("this pool already exists");
    // Its directory is not another disk's.
    add(FAST, root.disk);
  }

  @Test
  void the_archives_in_a_directory_are_those_with_volumes() throws IOException {
    for (String archive : List.of("one", "two", "three")) {
      String repository = archive.equals("three") ? "/backups2/repo" : "/backups/" + archive;
      root.open().pools().addArchive(new PoolName(archive), repository);
    }
    root.addPool();
    for (String archive : List.of("one", "three")) {
      Place place = root.layout.places().require(new PoolName(archive));
      root.open().relocations().point(archive.equals("one") ? DB : WWW, place);
    }

    assertThat(root.open().pools().archivesIn(root.files.getPath("/backups")))
        .containsExactly(new PoolName("one"));
  }

  @Test
  void a_shared_registry_has_no_pools() {
    VolumeRegistry shared = root.closed((files, _) -> files);

    assertThatThrownBy(() -> shared.pools().add(FAST, root.disk))
        .isInstanceOf(NotShared.class)
        .hasMessage("pool add: a registry that several hosts share has no pools");
    assertThat(root.disk).doesNotExist();
  }

  @Test
  void the_volumes_of_a_pool_are_those_that_are_recorded_in_order() throws IOException {
    root.addPool();
    root.make(WWW, FAST);
    root.make(DB, FAST);
    root.make(new VolumeName("own"), PoolName.DEFAULT);
    RootInMemory.write(root.layout.places().pooled().resolve(".hidden"), "");
    VolumeRegistry registry = root.open();

    assertThat(registry.pools().volumes(FAST)).containsExactly(DB, WWW);
    assertThat(registry.pools().volumes(PoolName.DEFAULT))
        .extracting(VolumeName::text)
        .containsExactly("own");
    root.unmount();
    assertThat(registry.pools().volumes(FAST)).containsExactly(DB, WWW);
  }

  @Test
  void strangers_are_the_directories_that_belong_to_no_volume() throws IOException {
    Place pool = root.addPool();
    root.make(DB, FAST);
    Path one = mkdir("/mnt/fast/volumes/b");
    Path other = mkdir("/mnt/fast/volumes/a");
    Path homeless = mkdir("/mnt/fast/volumes/www");
    mkdir("/mnt/fast/volumes/lost+found");
    root.make(WWW, PoolName.DEFAULT);

    assertThat(root.open().pools().strangers(pool)).containsExactly(other, one, homeless);
  }

  /** Removes the pool as if its disk were lost, and brings the disk back. */
  private void forget() throws IOException {
    root.unmount();
    remove(FAST, true);
    root.mount();
  }

  @Test
  void the_volumes_of_a_forgotten_pool_return_with_it_if_their_names_are_free() throws IOException {
    root.addPool();
    root.make(DB, FAST);
    root.make(WWW, FAST);
    mkdir("/mnt/fast/volumes/empty");
    forget();
    assertThat(root.open().names()).isEmpty();
    assertThat(root.layout.places().pooled()).isEmptyDirectory();
    root.make(WWW, PoolName.DEFAULT);

    Pool found = add(FAST, root.disk);

    assertThat(root.open().pools().volumes(FAST)).containsExactly(DB);
    assertThat(root.open().pools().strangers(found.place()))
        .containsExactly(root.disk.resolve("volumes/empty"), root.disk.resolve("volumes/www"));
    assertThat(root.layout.home(WWW).path()).isEqualTo(root.layout.volumes().resolve("www"));
  }

  @Test
  void a_returning_pool_takes_no_name_of_another_pool() throws IOException {
    root.addPool();
    root.make(DB, FAST);
    forget();
    add(SLOW, root.disk.resolveSibling("slow"));
    root.make(DB, SLOW);

    add(FAST, root.disk);

    assertThat(root.open().pools().volumes(SLOW)).containsExactly(DB);
    assertThat(root.open().pools().volumes(FAST)).isEmpty();
  }

  @Test
  void a_removed_pool_leaves_an_empty_directory() {
    root.addPool();
    root.synced.clear();

    remove(FAST, false);

    assertThat(root.disk).isEmptyDirectory();
    assertThat(root.open().pools().list()).isEmpty();
    assertThat(root.synced).containsExactly(root.layout.root(), root.disk);
    assertThatThrownBy(() -> remove(FAST, false))
        .isInstanceOf(NoSuchPool.class)
        .hasMessage("no such pool: fast");
  }

  @ParameterizedTest
  @ValueSource(strings = {"volumes", "staging", "trash"})
  void foreign_files_stay_in_a_removed_pool(String part) throws IOException {
    root.addPool();
    VolumeRegistry registry = root.open();
    Path stranger = RootInMemory.write(root.disk.resolve(part).resolve("file"), "");

    registry.pools().remove(FAST, false);

    assertThat(stranger).exists();
    if (part.equals("volumes")) {
      assertThat(identity()).as("so that it can be added again").exists();
    } else {
      assertThat(identity()).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_pool_with_volumes_is_not_removed(boolean lost) {
    root.addPool();
    root.make(WWW, FAST);
    root.make(DB, FAST);

    assertThatThrownBy(() -> remove(FAST, lost))
        .isInstanceOf(PoolInUse.class)
        .hasMessage("pool rm fast: it has volumes - [db, www]");
    assertThat(root.open().names()).containsExactly(DB, WWW);
  }

  @Test
  void a_missing_pool_is_removed_only_if_it_is_lost() throws IOException {
    root.addPool();
    root.make(DB, FAST);
    root.unmount();

    assertThatThrownBy(() -> remove(FAST, false)).isInstanceOf(PoolMissing.class);
    remove(FAST, true);

    assertThat(root.open().pools().list()).isEmpty();
    assertThat(root.layout.places().pooled()).isEmptyDirectory();
    assertThat(root.disk).isEmptyDirectory();
  }

  @Test
  void a_record_without_a_volume_is_no_obstacle_and_goes_with_the_pool() {
    root.addPool();
    VolumeRegistry registry = root.open();
    registry.abandon(root.make(DB, FAST));

    registry.pools().remove(FAST, false);

    assertThat(root.layout.places().pooled()).isEmptyDirectory();
  }

  @Test
  void the_first_pool_makes_the_root() {
    assertThatThrownBy(() -> root.closed(null).pools().remove(FAST, false))
        .isInstanceOf(NoSuchPool.class);
    RootInMemory other = root.beside("other");

    assertThat(other.closed(null).pools().add(FAST, root.disk).name()).isEqualTo(FAST);

    assertThat(other.layout.volumes()).isDirectory();
  }
}
