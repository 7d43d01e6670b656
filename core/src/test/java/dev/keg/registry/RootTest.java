package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.InvalidInput.InvalidGroup;
import dev.keg.error.PoolException.PoolIsArchive;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.HasOwnVolumes;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.NotShared;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.error.RegistryException.PartOfShared;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.fixtures.fault.Fault;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose root it is, who may enter it, and whether it is part of a shared registry. */
class RootTest {
  private static final String PLAIN = "{\"schema\":1}\n";
  private static final String SHARED = "{\"schema\":1,\"shared\":true}\n";

  private final RootInMemory root = new RootInMemory();

  private String marker() throws IOException {
    return Files.readString(root.layout.marker());
  }

  @Test
  void a_root_becomes_part_of_a_shared_registry_and_its_own_again() throws IOException {
    root.make(DB, PoolName.DEFAULT);
    assertThat(marker()).isEqualTo(PLAIN);
    List<Catalog> told = new ArrayList<>();

    root.open().share(true, told::add);
    assertThat(marker()).isEqualTo(SHARED);
    assertThat(told).singleElement().returns(List.of(DB), Catalog::names);

    VolumeRegistry shared = root.closed((files, _) -> files);
    shared.share(false, told::add);
    assertThat(marker()).isEqualTo(PLAIN);
  }

  @Test
  void a_root_stays_as_it_is_if_the_other_hosts_were_not_told() throws IOException {
    root.closed(null).share(true, _ -> false);

    assertThat(marker()).isEqualTo(PLAIN);
  }

  @Test
  void the_marker_of_a_root_that_stays_what_it_is_is_not_written_again() {
    VolumeRegistry registry = root.open();
    registry.share(false, _ -> true);
    root.synced.clear();

    registry.share(false, _ -> true);

    assertThat(root.synced).isEmpty();
  }

  @Test
  void a_root_with_pools_is_not_shared() {
    root.addPool();

    assertThatThrownBy(() -> root.open().share(true, _ -> true))
        .isInstanceOf(NotShared.class)
        .hasMessage("registry copy: a registry that several hosts share has no pools");
  }

  @Test
  void a_shared_registry_is_joined_once_and_marks_the_root() throws IOException {
    MemoryCatalog catalog = new MemoryCatalog(RootInMemory.volume(DB));
    List<Catalog> joined = new ArrayList<>();
    VolumeRegistry registry =
        root.closed(
            (files, _) -> {
              joined.add(files);
              return catalog;
            });

    assertThat(registry.isShared()).isTrue();
    assertThat(registry.openForReading()).isTrue();
    assertThat(registry.catalog()).isSameAs(catalog);
    assertThat(registry.names()).containsExactly(DB);
    assertThat(joined).hasSize(1);
    assertThat(catalog.opened).isOne();
    assertThat(marker()).isEqualTo(SHARED);
  }

  @Test
  void a_shared_registry_does_not_hide_volumes() {
    root.make(DB, PoolName.DEFAULT);
    List<Catalog> joined = new ArrayList<>();
    VolumeRegistry registry =
        root.closed(
            (files, _) -> {
              joined.add(files);
              return files;
            });

    assertThatThrownBy(registry::catalog).isInstanceOf(HasOwnVolumes.class);

    assertThat(joined).isEmpty();
  }

  @Test
  void a_shared_registry_does_not_hide_a_volume_that_is_created_meanwhile() throws IOException {
    root.open();
    VolumeRegistry registry =
        root.closed(
            (files, _) -> {
              root.make(DB, PoolName.DEFAULT);
              return files;
            });

    assertThatThrownBy(registry::catalog).isInstanceOf(HasOwnVolumes.class);

    assertThat(marker()).isEqualTo(PLAIN);
  }

  @Test
  void an_empty_root_of_its_own_becomes_part_of_the_shared_registry_that_it_joins()
      throws IOException {
    root.open();

    root.closed((files, _) -> files).openForWriting();

    assertThat(marker()).isEqualTo(SHARED);
  }

  @Test
  void a_volume_on_another_host_is_found_but_not_for_an_operation() {
    MemoryCatalog catalog = new MemoryCatalog(RootInMemory.volume(DB));
    catalog.elsewhere.add(DB);
    VolumeRegistry registry = root.closed((_, _) -> catalog);

    assertThat(registry.find(DB)).isPresent();
    assertThatThrownBy(() -> registry.get("mount", DB)).isInstanceOf(OnOtherHost.class);
  }

  @Test
  void a_shared_registry_does_not_hide_pools() {
    root.addPool();

    assertThatThrownBy(() -> root.closed((files, _) -> files).catalog())
        .isInstanceOf(HasOwnVolumes.class);
  }

  @Test
  void a_part_of_a_shared_registry_may_have_homes_of_volumes() throws IOException {
    root.make(DB, PoolName.DEFAULT);
    root.open().share(true, _ -> true);

    VolumeRegistry registry = root.closed((files, _) -> files);

    assertThat(registry.names()).containsExactly(DB);
    assertThat(marker()).isEqualTo(SHARED);
  }

  @Test
  void a_part_of_a_shared_registry_is_not_opened_as_a_root_of_its_own() {
    root.open().share(true, _ -> true);

    assertThatThrownBy(() -> root.closed(null).openForReading()).isInstanceOf(PartOfShared.class);
    assertThatThrownBy(root::open).isInstanceOf(PartOfShared.class);
  }

  @Test
  void a_command_that_waited_for_a_lock_sees_that_the_root_is_shared_now() {
    VolumeRegistry waiting = root.open();
    root.open().share(true, _ -> true);

    assertThatThrownBy(() -> waiting.lock().lock(DB)).isInstanceOf(PartOfShared.class);
    assertThatThrownBy(() -> waiting.lock().tryLock(DB)).isInstanceOf(PartOfShared.class);
    VolumeRegistry shared = root.closed((files, _) -> files);
    shared.lock().lock(DB).close();
  }

  @Test
  void what_an_older_version_left_open_is_named_until_it_is_closed() throws IOException {
    VolumeRegistry registry = root.open();
    assertThat(registry.leftOpen()).isEmpty();
    Files.setPosixFilePermissions(root.layout.root(), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(
        root.layout.volumes(), PosixFilePermissions.fromString("rwx-----x"));
    assertThat(registry.leftOpen()).as("other modes are a choice").containsExactly(volumes());
    Files.setPosixFilePermissions(root.layout.root(), PosixFilePermissions.fromString("rwx--x--x"));
    assertThat(registry.leftOpen()).containsExactly(root.layout.root(), volumes());

    root.open();

    assertThat(registry.leftOpen()).isEmpty();
  }

  private Path volumes() {
    return root.layout.volumes();
  }

  @Test
  void a_group_gets_access_to_the_pools_as_well() throws IOException {
    root.addPool();

    root.open().openTo("docker");

    for (Path directory :
        List.of(root.layout.root(), volumes(), root.disk, root.disk.resolve("volumes"))) {
      assertThat(RootInMemory.mode(directory)).isEqualTo("rwx--x---");
      assertThat(Files.getAttribute(directory, "posix:group")).hasToString("docker");
    }
    assertThat(RootInMemory.mode(root.disk.resolve("trash"))).isEqualTo("rwx------");
    assertThat(root.notices).hasSize(1);
  }

  @Test
  void a_mode_that_differs_is_corrected_although_the_group_is_right() throws IOException {
    root.closed(null).openTo("docker");
    Files.setPosixFilePermissions(volumes(), PosixFilePermissions.fromString("rwx------"));

    root.open().openTo("docker");

    assertThat(RootInMemory.mode(volumes())).isEqualTo("rwx--x---");
  }

  @Test
  void a_group_that_a_directory_cannot_have_is_an_error_with_the_reason() {
    VolumeRegistry registry = root.open();
    root.files.failAt(root.files.operations().size() + 1, Fault.INPUT_OUTPUT_ERROR);

    assertThatThrownBy(() -> registry.openTo("docker"))
        .isInstanceOf(InvalidGroup.class)
        .hasMessageEndingWith(volumes() + " cannot belong to docker: input/output error");
  }

  @Test
  void groups_and_modes_are_only_for_file_systems_that_have_them() {
    Path directory = Jimfs.newFileSystem(Configuration.windows()).getPath("C:\\keg");
    VolumeRegistry windows =
        new VolumeRegistry(
            new RegistryLayout(directory), DirectorySync.NONE, new SplittableRandom(1), _ -> {});
    windows.openForWriting();

    assertThat(windows.leftOpen()).isEmpty();
    assertThatThrownBy(() -> windows.openTo("docker"))
        .isInstanceOf(InvalidGroup.class)
        .hasMessageContaining("files have no group here");
  }

  @Test
  void a_file_in_place_of_a_directory_is_not_mistaken_for_one() throws IOException {
    RootInMemory.write(root.layout.root(), "");

    assertThatThrownBy(root::open)
        .isInstanceOf(FileFailure.class)
        .hasMessage("create root: /srv/root: file exists");
  }

  @Test
  void a_directory_has_its_mode_whatever_the_umask_is_and_keeps_it(@TempDir Path scratch)
      throws IOException {
    Path directory = scratch.resolve("directory");
    Root.makeDirectory(directory, "rwxrwxrwx");
    assertThat(RootInMemory.mode(directory)).isEqualTo("rwxrwxrwx");

    Root.makeDirectory(directory, "rwx------");
    assertThat(RootInMemory.mode(directory)).isEqualTo("rwxrwxrwx");
    Path file = Files.createFile(scratch.resolve("file"));
    assertThatThrownBy(() -> Root.makeDirectory(file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void the_owner_of_the_root_is_determined_once_per_command() {
    List<Path> asked = new ArrayList<>();
    VolumeRegistry registry =
        root.with(
            new DirectorySync() {
              @Override
              public void sync(Path directory) {}

              @Override
              public void requireOwn(Path directory) {
                asked.add(directory);
              }
            },
            null);

    assertThat(registry.ownFile(RegistryLayout::config)).isEqualTo(root.layout.config());
    assertThat(asked).as("a root that does not exist").isEmpty();
    root.open();
    assertThat(registry.openForReading()).isTrue();
    assertThat(registry.openForReading()).isTrue();
    assertThat(asked).containsExactly(root.layout.root());
  }

  @Test
  void nothing_is_created_in_a_directory_of_somebody_else() throws IOException {
    Path theirs = RootInMemory.write(root.layout.root().resolve("theirs"), "");
    VolumeRegistry registry =
        root.with(
            new DirectorySync() {
              @Override
              public void sync(Path directory) {}

              @Override
              public void requireOwn(Path directory) throws IOException {
                throw new IOException("it belongs to anna");
              }
            },
            null);

    assertThatThrownBy(registry::openForWriting)
        .isInstanceOf(FileFailure.class)
        .hasMessage("create root: /srv/root: it belongs to anna");

    assertThat(DirectoryEntries.of(root.layout.root())).containsExactly(theirs);
  }

  @Test
  void a_half_made_root_is_completed() throws IOException {
    root.open();
    Files.delete(root.layout.marker());
    Files.delete(root.layout.containers());

    root.open();

    assertThat(marker()).isEqualTo(PLAIN);
    assertThat(root.layout.containers()).isDirectory();
  }

  @Test
  void no_volume_is_created_in_an_archive() {
    PoolName cold = new PoolName("cold");
    root.open().pools().addArchive(cold, "/backups");

    assertThatThrownBy(() -> root.open().stage(DB, cold))
        .isInstanceOf(PoolIsArchive.class)
        .hasMessage("create db: pool cold is an archive");
  }

  @Test
  void a_volume_is_opened_by_its_name_and_an_unknown_one_is_an_error() {
    root.make(DB, PoolName.DEFAULT);
    VolumeRegistry registry = root.closed(null);

    assertThat(registry.ids().describe("inspect", DB)).isEqualTo(RootInMemory.volume(DB));
    assertThatThrownBy(() -> registry.ids().describe("inspect", new VolumeName("gone")))
        .isInstanceOf(NotFound.class)
        .hasMessage("inspect gone: no such volume");
    assertThat(registry.newId()).isNotEqualTo(registry.newId());
    assertThat(registry.viewers()).isSameAs(registry.viewers());
    registry.warn("look");
    assertThat(root.notices).containsExactly("look");
    assertThatCode(registry::openForWriting).doesNotThrowAnyException();
  }

  @Test
  void opening_twice_sweeps_once() throws IOException {
    VolumeRegistry registry = root.open();
    Path draft = Files.createDirectory(root.layout.staging().resolve("00.1"));

    registry.openForWriting();

    assertThat(draft).exists();
  }
}
