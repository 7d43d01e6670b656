package dev.keg.backup.repack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A restore reads at most twice its bytes, plus a little for the index. */
class ReadForRestoreTest {
  private static final int FILES = 400;
  private static final int LENGTH = 10_000;
  private static final long CONTENT = (long) FILES * LENGTH;

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final SplittableRandom random = new SplittableRandom(5);

  private void write(int number) throws Exception {
    byte[] content = new byte[LENGTH];
    random.nextBytes(content);
    Files.write(host.write(db, "d%d/f%d".formatted(number % 10, number), ""), content);
  }

  private void fill() throws Exception {
    for (int i = 0; i < FILES; i++) {
      write(i);
    }
    host.save(db);
  }

  /** Backs up after another day on which this number of files changed; returns the stored bytes. */
  private long backUp(int changed) throws Exception {
    for (int i = 0; i < changed; i++) {
      write(random.nextInt(FILES));
    }
    host.advance(Duration.ofDays(1));
    return host.save(db).stored().bytes();
  }

  private long readByRestore() {
    List<String> content = host.content(db);
    host.write(db, "d0/f0", "to be overwritten");
    host.store.bytesRead.set(0);
    host.restore(
        new RestoreRequest(db, Optional.empty(), Mode.REPLACE, false, false, false, false, 2));
    assertThat(host.content(db)).isEqualTo(content);
    return host.store.bytesRead.get();
  }

  /** Files on several pages of the index share a frame. */
  @Test
  void a_full_backup_is_read_once() throws Exception {
    for (int i = FILES; i < 3 * FILES; i++) {
      write(i);
    }
    fill();
    assertThat(readByRestore()).isBetween(3 * CONTENT, 3 * CONTENT + CONTENT / 10);
  }

  @Test
  void what_changed_often_is_gathered_again() throws Exception {
    fill();
    for (int day = 0; day < 12; day++) {
      backUp(FILES / 3);
    }
    assertThat(readByRestore()).isLessThan(2 * CONTENT + CONTENT / 10);
  }

  /** Its unused parts are gone, so they are not read. */
  @Test
  void what_was_repacked_is_not_written_again() throws Exception {
    fill();
    for (int day = 0; day < 8; day++) {
      long stored = backUp(FILES / 3);
      assertThat(stored).isLessThan(CONTENT / 3 + CONTENT / 10);
      List<BackupId> ids = host.repository.list(db).backups().stream().map(Backup::id).toList();
      host.repository.forget(ids.subList(0, ids.size() - 1), Grace.NONE);
      new Repacking(
              host.repository, new RepackLimits(0, new Size(Long.MAX_VALUE), Grace.NONE), _ -> {})
          .run();
    }
    assertThat(readByRestore()).isLessThan(CONTENT + CONTENT / 5);
  }
}
