package dev.keg.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryFilesTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final byte[] CONTENT = "content".getBytes(UTF_8);

  private final List<Path> synced = new ArrayList<>();
  private RegistryLayout layout;
  private RegistryFiles files;
  private VolumeHome home;
  private Path holders;

  @BeforeEach
  void open() throws IOException {
    Configuration unix =
        Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build();
    layout = new RegistryLayout(Jimfs.newFileSystem(unix).getPath("/keg"));
    VolumeRegistry registry =
        new VolumeRegistry(layout, synced::add, new SplittableRandom(1), _ -> {});
    registry.openForWriting();
    files = registry.files();
    home = layout.home(DB);
    Files.createDirectory(home.path());
    holders = layout.attachments(home);
    synced.clear();
  }

  @Test
  void the_first_file_of_a_volume_makes_its_directory_for_the_owner_alone() throws IOException {
    files.write(DB, holders, "web", CONTENT);

    assertThat(holders.resolve("web")).hasBinaryContent(CONTENT);
    assertThat(Files.getPosixFilePermissions(holders))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(synced).containsExactly(home.path(), holders);
  }

  @Test
  void another_file_syncs_only_its_directory() {
    files.write(DB, holders, "web", CONTENT);
    synced.clear();

    files.write(DB, holders, "job", CONTENT);

    assertThat(synced).containsExactly(holders);
  }

  @Test
  void a_written_file_is_replaced_and_leaves_no_draft() {
    files.write(DB, holders, "web", "old".getBytes(UTF_8));

    files.write(DB, holders, "web", CONTENT);

    assertThat(holders.resolve("web")).hasBinaryContent(CONTENT);
    assertThat(layout.staging()).isEmptyDirectory();
  }

  @Test
  void files_that_a_reboot_invalidates_are_written_without_a_sync() {
    files.note(DB, holders, "web", CONTENT);
    files.noteContainer("web", layout.containers().resolve("web.json"), CONTENT);

    assertThat(holders.resolve("web")).hasBinaryContent(CONTENT);
    assertThat(layout.containers().resolve("web.json")).hasBinaryContent(CONTENT);
    assertThat(layout.staging()).isEmptyDirectory();
    assertThat(synced).isEmpty();
  }

  @Test
  void the_disks_of_a_machine_are_synced() throws IOException {
    Path file = layout.machines().resolve("vm.json");

    files.writeMachine("vm", file, CONTENT);

    assertThat(file).hasBinaryContent(CONTENT);
    assertThat(Files.getPosixFilePermissions(layout.machines()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(synced).containsExactly(layout.machines());
  }

  @Test
  void known_repositories_are_synced() {
    files.writeForRoot("@repositories", layout.seen(), CONTENT);

    assertThat(layout.seen()).hasBinaryContent(CONTENT);
    assertThat(synced).containsExactly(layout.seen().getParent());
  }

  @Test
  void copies_are_written_without_a_sync_for_the_owner_alone() throws IOException {
    files.writeCopy("@records", layout.records(), "copy", "old".getBytes(UTF_8));
    files.writeCopy("@records", layout.records(), "copy", CONTENT);

    assertThat(layout.records().resolve("copy")).hasBinaryContent(CONTENT);
    assertThat(Files.getPosixFilePermissions(layout.records()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(layout.staging()).isEmptyDirectory();
    assertThat(synced).isEmpty();
  }

  @Test
  void a_machine_is_forgotten_any_number_of_times() {
    Path file = layout.machines().resolve("vm.json");
    files.writeMachine("vm", file, CONTENT);

    files.forgetMachine("vm", file);
    files.forgetMachine("vm", file);

    assertThat(file).doesNotExist();
  }

  @Test
  void an_erased_file_stays_erased_after_a_power_failure() {
    files.write(DB, holders, "web", CONTENT);
    synced.clear();

    files.erase(DB, holders, "web");

    assertThat(holders).isEmptyDirectory();
    assertThat(synced).containsExactly(holders);
  }

  @Test
  void erasing_what_does_not_exist_changes_nothing() {
    files.erase(DB, holders, "web");

    assertThat(synced).isEmpty();
  }

  @Test
  void an_erased_note_needs_no_sync() {
    files.note(DB, holders, "web", CONTENT);

    files.eraseNote(DB, holders, "web");

    assertThat(holders).isEmptyDirectory();
    assertThat(synced).isEmpty();
  }

  @Test
  void a_failure_names_what_was_being_changed() throws IOException {
    Files.writeString(holders, "in the way");
    Files.writeString(layout.machines(), "in the way");
    Path inTheWay = layout.containers().resolve("web.json");
    Files.createDirectories(inTheWay.resolve("x"));

    assertThatThrownBy(() -> files.write(DB, holders, "web", CONTENT))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("update db: ");
    assertThatThrownBy(() -> files.note(DB, holders, "web", CONTENT))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("update db: ");
    assertThatThrownBy(() -> files.writeMachine("vm", layout.machines().resolve("vm"), CONTENT))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("update machine vm: ");
    assertThatThrownBy(() -> files.noteContainer("web", inTheWay, CONTENT))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("update container web: ");
    assertThatThrownBy(() -> files.forgetMachine("vm", inTheWay))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("forget machine vm: ");
  }
}
