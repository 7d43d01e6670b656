package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.replica.StoredArchives;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.store.ObjectName;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.volume.VolumeName;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A restore that reuses content of the volume that equals the backup. */
class ChangedOnlyTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final Random random = new Random(5);

  /** A file of several frames, and small ones that share one. */
  @BeforeEach
  void backUp() throws Exception {
    byte[] content = new byte[9_000_000];
    random.nextBytes(content);
    Files.write(host.write(db, "large", ""), content);
    for (String name : List.of("a", "b", "c")) {
      host.write(db, name, "content of " + name);
    }
    host.save(db);
  }

  /** Makes all frames unreadable, so that every file that is read there is missing. */
  private void damageContent() throws Exception {
    BackupRecord record = host.last(host.repository);
    ObjectName own = record.own().name();
    ByteBuffer read = ByteBuffer.allocate(32 << 20);
    byte[] bytes = new byte[host.store.read(own, 0, read)];
    read.flip().get(bytes);
    for (FrameRef frame : frames(record)) {
      bytes[(int) frame.offset() + 20] ^= 4;
    }
    host.store.damage(own, bytes);
  }

  private Set<FrameRef> frames(BackupRecord record) {
    Set<FrameRef> frames = new HashSet<>();
    try (Archive archive =
        Archive.open(
            record.own().name().text(), StoredArchives.of(host.repository.store(), record))) {
      archive
          .entries()
          .forEachRemaining(
              entry -> entry.slices().stream().map(Slice::frame).forEach(frames::add));
    }
    return frames;
  }

  private void restore(Mode mode) {
    host.restore(host.restoreRequest(db, mode));
  }

  @Test
  void what_is_the_same_is_not_read_from_the_backup() throws Exception {
    List<String> content = host.content(db);
    Files.setLastModifiedTime(host.data(db).resolve("large"), FileTime.fromMillis(0));
    host.write(db, "more", "goes");
    damageContent();

    assertThatThrownBy(() -> restore(Mode.REPLACE)).isInstanceOf(RestoreFailed.class);
    restore(Mode.REPLACE_CHANGED);

    assertThat(host.content(db)).isEqualTo(content);
    assertThat(Files.getLastModifiedTime(host.data(db).resolve("large")).toMillis()).isPositive();
  }

  @Test
  void what_differs_is_read_there_whatever_its_size_and_time() throws Exception {
    List<String> content = host.content(db);
    for (String name : List.of("b", "large")) {
      var file = host.data(db).resolve(name);
      FileTime time = Files.getLastModifiedTime(file);
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      Files.setLastModifiedTime(file, time);
    }
    Files.delete(host.data(db).resolve("c"));

    restore(Mode.REPLACE_CHANGED);

    assertThat(host.content(db)).isEqualTo(content);
  }

  @Test
  void what_was_restored_shares_nothing_with_what_undo_brings_back() throws Exception {
    host.write(db, "a", "later");
    List<String> later = host.content(db);
    restore(Mode.REPLACE_CHANGED);
    host.write(db, "b", "written after the restore");

    new Restoring(host.context).undo(db);

    assertThat(host.content(db)).isEqualTo(later);
  }
}
