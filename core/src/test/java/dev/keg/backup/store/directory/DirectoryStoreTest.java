package dev.keg.backup.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.ObjectStoreContract;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.file.DirectorySync;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.Trial;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends ObjectStoreContract {
  @TempDir Path temporary;

  @Override
  protected ObjectStore openEmpty() throws IOException {
    return open(Files.createDirectory(root()));
  }

  private Path root() {
    return temporary.resolve("back ups' größe");
  }

  private static ObjectStore open(Path root) throws StoreException {
    return DirectoryStore.open(root, DirectorySync.FSYNC, new Random(1));
  }

  @Test
  void a_directory_that_is_not_there_is_refused() {
    Path missing = temporary.resolve("unmounted");

    assertThatThrownBy(() -> open(missing))
        .isInstanceOf(StoreException.Failed.class)
        .hasMessage(missing + ": open: no such file or directory");
  }

  @Test
  void a_file_is_not_a_store() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));

    assertThatThrownBy(() -> open(file)).hasMessage(file + ": open: not a directory");
  }

  @Test
  void a_directory_that_went_away_is_not_taken_for_an_empty_one() throws IOException {
    Files.delete(root());

    assertThatThrownBy(() -> store().list("backups/")).isInstanceOf(StoreException.Failed.class);
    assertThatThrownBy(() -> readAll("backups/db/x")).isInstanceOf(StoreException.Failed.class);
    assertThatThrownBy(() -> put("backups/db/x", bytes(1)))
        .isInstanceOf(StoreException.Failed.class);
    assertThat(root()).doesNotExist();
  }

  /** Linux answers as for a bad sector if memory is read that a process does not have. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void what_the_disk_cannot_read_is_unreadable() throws Exception {
    put("data/db/object", bytes(1));
    Files.createSymbolicLink(root().resolve("data/db/bad"), Path.of("/proc/self/mem"));

    assertThatThrownBy(() -> readAll("data/db/bad"))
        .isInstanceOf(StoreException.Unreadable.class)
        .hasMessageContaining("data/db/bad");
  }

  @Test
  void a_link_to_a_directory_is_not_followed() throws Exception {
    put("data/db/object", bytes(1));
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Files.write(outside.resolve("precious"), new byte[] {1});
    Files.createSymbolicLink(root().resolve("data/elsewhere"), outside);
    Files.createSymbolicLink(root().resolve("data/db/circle"), root().resolve("data"));

    assertThat(store().list("data/"))
        .extracting(object -> object.name().text())
        .containsExactly("data/db/object");
  }

  @Test
  void what_is_written_is_for_its_owner_alone() throws IOException {
    put("data/db/object", bytes(1));

    assertThat(mode("data/db/object")).isEqualTo("rw-------");
    assertThat(mode("data/db")).isEqualTo("rwx------");
    assertThat(mode("data")).isEqualTo("rwx------");
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(root().resolve(name)));
  }

  @Test
  void other_files_in_the_directory_are_left_alone() throws IOException {
    put("data/db/object", bytes(1));
    Files.createDirectories(root().resolve("lost+found/x"));
    Files.createFile(root().resolve(".nfs0001"));
    Files.createFile(root().resolve("data/my notes.txt"));
    store().clearUnfinished(Instant.now().plusSeconds(60));

    assertThat(names("")).containsExactly("data/db/object");
    assertThat(root().resolve("data/my notes.txt")).exists();
    assertThat(root().resolve(".nfs0001")).exists();
  }

  @Test
  void what_a_dead_writer_left_is_cleared_when_it_is_old_enough() throws IOException {
    PendingObject abandoned = store().create(new ObjectName("data/db/x"), Size.ZERO);
    abandoned.write(bytes(100));

    store().clearUnfinished(Instant.now().minus(Duration.ofDays(1)));
    assertThat(files(".incoming")).hasSize(1);
    store().clearUnfinished(Instant.now().plus(Duration.ofDays(1)));
    assertThat(files(".incoming")).isEmpty();
    abandoned.close();
  }

  /** A link without a target has no time, like a draft that its writer has just published. */
  @Test
  void a_draft_that_vanishes_does_not_end_the_clearing() throws IOException {
    put("data/db/object", bytes(1));
    Path incoming = root().resolve(".incoming");
    Path first = Files.createSymbolicLink(incoming.resolve("first"), Path.of("published"));
    for (int draft = 0; draft < 8; draft++) {
      Files.createFile(incoming.resolve("draft" + draft));
    }
    Path last = Files.createSymbolicLink(incoming.resolve("last"), Path.of("published"));

    store().clearUnfinished(Instant.now().plus(Duration.ofDays(1)));

    assertThat(files(".incoming")).containsExactlyInAnyOrder(first, last);
  }

  @Test
  void a_published_object_leaves_no_draft() throws IOException {
    put("data/db/object", bytes(1));

    assertThat(files(".incoming")).isEmpty();
  }

  private List<Path> files(String folder) throws IOException {
    try (Stream<Path> entries = Files.list(root().resolve(folder))) {
      return entries.toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> a_writer_that_is_broken_off_leaves_the_whole_object_or_none()
      throws Exception {
    return FaultPoints.each(WRITE);
  }

  private static final Trial WRITE =
      new Trial() {
        @Override
        public void prepare(Path directory) throws IOException {
          write(directory, "data/db/old", bytes(10));
        }

        @Override
        public void run(Path directory) throws IOException {
          write(directory, "data/db/new", bytes(1000));
          write(directory, "data/other/newer", bytes(20));
        }

        @Override
        public void verify(Path directory, Outcome outcome) throws IOException {
          ObjectStore store = open(directory);
          for (StoredObject object : store.list("")) {
            assertThat(store.open(object.name()).readAllBytes())
                .isEqualTo(bytes((int) object.size().bytes()));
          }
          assertThat(store.list("data/db/"))
              .extracting(StoredObject::size)
              .contains(new Size(10))
              .isSubsetOf(new Size(10), new Size(1000));
          if (outcome.succeeded()) {
            assertThat(store.list("")).hasSize(3);
          }
        }
      };

  private static void write(Path directory, String name, byte[] bytes) throws IOException {
    try (ObjectStore store = open(directory);
        PendingObject object = store.create(new ObjectName(name), Size.ZERO)) {
      object.write(bytes);
      object.publish();
    }
  }
}
