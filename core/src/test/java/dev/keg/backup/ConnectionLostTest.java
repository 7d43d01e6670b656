package dev.keg.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.StoreException;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.tree.PortableFileTrees;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The connection to the repository is lost at any step of a backup, a restore or a verification,
 * and comes back later: the volume has its old or its new content, and the repository works.
 */
class ConnectionLostTest {
  private static final List<String> NEW = List.of("a=new", "b=2");
  private static final List<String> NOW = List.of("a=now", "large=200000 bytes");

  /** A volume whose content differs from its backup. */
  private static final class Scene {
    final BackedHost host = new BackedHost();
    final VolumeName db = host.create("db");
    int before = 1;

    Scene() throws Exception {
      host.write(db, "a", "new");
      host.write(db, "b", "2");
      host.save(db);
      host.write(db, "a", "now");
      Files.delete(host.data(db).resolve("b"));
      byte[] noise = new byte[200_000];
      new Random(1).nextBytes(noise);
      Files.write(host.data(db).resolve("large"), noise);
    }

    /** All listed backups are complete, and the next operations succeed. */
    void assertUsable() {
      List<Backup> listed = host.repository.list().backups();
      assertThat(listed).hasSizeBetween(before, before + 1);
      Verifying verifying =
          new Verifying(
              Level.FULL, host.files.getPath("/scratch"), new PortableFileTrees(), 2, host.clock);
      for (Backup backup : listed) {
        assertThat(verifying.check(host.repository, backup).findings()).isEmpty();
      }
      List<String> content = host.content(db);
      host.save(db);
      host.restore(host.restoreRequest(db, Mode.REPLACE));
      assertThat(host.content(db)).isEqualTo(content);
    }
  }

  /** The operation during which the connection is lost. */
  private interface Work {
    void in(Scene scene);
  }

  private static StoreException gone(String operation) {
    return new StoreException.Unavailable("memory:", operation, "connection reset", null);
  }

  /** Repeats the operation, and loses the connection one step later each time. */
  private static void loseAtEachStep(Work work, Work look) throws Exception {
    int step = 1;
    boolean lost = true;
    for (; lost; step++) {
      Scene scene = new Scene();
      AtomicInteger left = new AtomicInteger(step);
      scene.host.store.failBefore(
          operation -> {
            if (left.decrementAndGet() <= 0) {
              throw gone(operation);
            }
          });
      lost = fails(scene, work);
      scene.host.store.heal();
      look.in(scene);
      scene.assertUsable();
    }
    assertThat(step).isGreaterThan(6);
  }

  private static boolean fails(Scene scene, Work work) {
    try {
      work.in(scene);
      return false;
    } catch (RepositoryFailed e) {
      assertThat(e).hasMessageContaining("connection reset");
      return true;
    }
  }

  @Test
  void of_a_backup() throws Exception {
    loseAtEachStep(
        scene -> scene.host.save(scene.db),
        scene -> assertThat(scene.host.content(scene.db)).isEqualTo(NOW));
  }

  @Test
  void of_a_restore() throws Exception {
    loseAtEachStep(
        scene -> scene.host.restore(scene.host.restoreRequest(scene.db, Mode.REPLACE)),
        scene -> assertThat(scene.host.content(scene.db)).isIn(NOW, NEW));
  }

  @Test
  void of_a_merge() throws Exception {
    loseAtEachStep(
        scene -> scene.host.restore(scene.host.restoreRequest(scene.db, Mode.MERGE, "b")),
        scene ->
            assertThat(scene.host.content(scene.db))
                .isIn(NOW, List.of("a=now", "b=2", "large=200000 bytes")));
  }

  /** The store executes the request, but the answer is lost. */
  @Test
  void after_a_step_of_a_backup() throws Exception {
    for (int step = 1; step <= 2; step++) {
      Scene scene = new Scene();
      AtomicInteger left = new AtomicInteger(step);
      MemoryStore store = scene.host.store;
      store.failAfter(
          operation -> {
            if (left.decrementAndGet() == 0) {
              throw gone(operation);
            }
          });
      assertThat(fails(scene, s -> s.host.save(s.db))).as("step %d", step).isTrue();
      store.heal();
      scene.assertUsable();
    }
  }
}
