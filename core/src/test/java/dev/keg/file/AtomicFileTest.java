package dev.keg.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.fixtures.fault.Fault;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.fixtures.fault.Operation;
import dev.keg.fixtures.fault.Operation.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system that records every change and can fail at any of them. */
class AtomicFileTest {
  private static final byte[] CONTENT = "content".getBytes(UTF_8);

  private final List<Path> synced = new ArrayList<>();
  private FaultyFileSystem disk;
  private Path target;
  private Path draft;

  @BeforeEach
  void directory() throws IOException {
    Path directory = FaultPoints.inMemory();
    disk = FaultyFileSystem.over(directory.getFileSystem());
    target = disk.wrap(directory.resolve("target"));
    draft = disk.wrap(directory.resolve("draft"));
  }

  private List<Kind> operations() {
    return disk.operations().stream().map(Operation::kind).toList();
  }

  @Test
  void content_is_on_disk_before_its_name_and_the_name_afterwards() throws IOException {
    AtomicFile.replace(target, draft, CONTENT, synced::add);

    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(draft).doesNotExist();
    assertThat(operations()).containsExactly(Kind.CREATE_FILE, Kind.WRITE, Kind.FORCE, Kind.MOVE);
    assertThat(synced).containsExactly(target.getParent());
  }

  @Test
  void an_existing_file_is_replaced() throws IOException {
    Files.writeString(target, "old and longer than the new content");

    AtomicFile.replace(target, draft, CONTENT, synced::add);

    assertThat(target).hasBinaryContent(CONTENT);
  }

  @Test
  void a_file_that_a_reboot_invalidates_does_not_wait_for_the_disk() throws IOException {
    AtomicFile.replaceUnsynced(target, draft, CONTENT);

    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(operations()).containsExactly(Kind.CREATE_FILE, Kind.WRITE, Kind.MOVE);
  }

  @Test
  void a_new_file_is_for_its_owner_alone_and_on_disk() throws IOException {
    AtomicFile.writeNew(target, CONTENT);

    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(operations()).contains(Kind.FORCE);
  }

  @Test
  void a_new_file_does_not_replace_another_one() throws IOException {
    Files.writeString(target, "old");

    assertThatThrownBy(() -> AtomicFile.writeNew(target, CONTENT))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target).hasContent("old");
  }

  @Test
  void a_failed_replacement_keeps_the_old_content_and_leaves_no_draft() throws IOException {
    Files.writeString(target, "old");
    disk.failAt(disk.operations().size() + 4, Fault.INPUT_OUTPUT_ERROR);

    assertThatThrownBy(() -> AtomicFile.replace(target, draft, CONTENT, synced::add))
        .isInstanceOf(IOException.class);

    assertThat(target).hasContent("old");
    assertThat(draft).doesNotExist();
    assertThat(synced).isEmpty();
  }

  @Test
  void a_failed_unsynced_replacement_leaves_no_draft_either() throws IOException {
    disk.failAt(3, Fault.INPUT_OUTPUT_ERROR);

    assertThatThrownBy(() -> AtomicFile.replaceUnsynced(target, draft, CONTENT))
        .isInstanceOf(IOException.class);

    assertThat(target).doesNotExist();
    assertThat(draft).doesNotExist();
  }

  @Test
  void entries_are_read_at_once_and_a_missing_directory_has_none() throws IOException {
    Files.writeString(target, "");

    assertThat(DirectoryEntries.of(target.resolveSibling(""))).containsExactly(target);
    assertThat(DirectoryEntries.of(target.resolveSibling("missing"))).isEmpty();
  }

  @Test
  void a_file_without_secrets_can_be_for_everybody() throws IOException {
    AtomicFile.replaceForAll(target, draft, CONTENT, synced::add);

    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(operations()).contains(Kind.FORCE, Kind.MOVE);
    assertThat(synced).containsExactly(target.getParent());
  }

  @Test
  void many_files_are_written_first_and_synced_later() throws IOException {
    AtomicFile.writeUnsynced(target, CONTENT);
    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(operations()).containsExactly(Kind.CREATE_FILE, Kind.WRITE);

    AtomicFile.sync(target);
    assertThat(operations()).endsWith(Kind.FORCE);
  }

  @Test
  void a_draft_that_cannot_be_deleted_is_reported_beside_the_failure() throws IOException {
    Files.createDirectories(draft.resolve("in the way"));

    assertThatThrownBy(() -> AtomicFile.replaceUnsynced(target, draft, CONTENT))
        .isInstanceOf(FileAlreadyExistsException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void the_names_of_entries_are_read_without_their_directory() throws IOException {
    Files.writeString(target, "");

    assertThat(DirectoryEntries.names(target.resolveSibling(""))).containsExactly("target");
  }

  @Test
  void a_file_that_cannot_be_examined_is_not_absent(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(Absence.of(file)).isFalse();
    assertThat(Absence.of(directory.resolve("none"))).isTrue();
    assertThat(Absence.of(file.resolve("below"))).isFalse();
  }

  @Test
  void a_system_that_does_nothing_special_for_directories_says_so() throws IOException {
    Files.writeString(target, "");

    assertThat(DirectorySync.NONE.syncAll(target)).isFalse();
    assertThat(DirectorySync.NONE.spelling(target)).isEqualTo("target");
    assertThat(DirectorySync.NONE.isSharedWithWindows(target)).isFalse();
  }

  @Test
  void the_own_user_is_the_owner_of_this_process_if_there_is_a_place_to_ask() throws IOException {
    assertThat(OwnUser.id(target.getFileSystem())).isEmpty();

    Path self = Files.createDirectories(target.getFileSystem().getPath("/proc/self"));
    assertThat(OwnUser.id(target.getFileSystem()))
        .contains((Integer) Files.getAttribute(self, "unix:uid"));
  }
}
