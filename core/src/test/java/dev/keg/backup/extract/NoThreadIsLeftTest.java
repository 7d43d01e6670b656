package dev.keg.backup.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.archive.Shelf;
import dev.keg.backup.archive.write.ArchiveWriter;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.VolumeException;
import dev.keg.tree.FakeTree;
import dev.keg.tree.TreeListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A backup or a restore that fails ends every thread that it started. */
@Isolated("looks at all threads of this process")
class NoThreadIsLeftTest {
  private final FakeTree tree = new FakeTree();

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @AfterEach
  void no_thread_is_left() throws InterruptedException {
    // A pool counts a thread as ended a moment before the system does.
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("keg-")) {
        assertThat(thread.join(Duration.ofSeconds(10))).as("%s ends", thread).isTrue();
      }
    }
  }

  @Test
  void by_a_backup_whose_output_fails() {
    for (int i = 0; i < 30; i++) {
      tree.file("f" + i, random(i, 2 << 20));
    }
    for (long limit : new long[] {0, 5 << 20, 30 << 20}) {
      assertThatThrownBy(
              () ->
                  ArchiveWriter.write(
                      tree,
                      Shelf.request("full", Optional.empty()),
                      TreeListener.NONE,
                      new FullDisk(limit)))
          .isInstanceOf(FileFailure.class)
          .hasMessage("write: full: no space left on device");
    }
  }

  @Test
  void by_a_backup_whose_tree_fails() {
    for (int i = 0; i < 2000; i++) {
      tree.file("f" + i, random(i, 100));
    }
    tree.file("f1234", random(1, 100)).onRead =
        () -> {
          throw new IllegalStateException("a bug");
        };
    assertThatThrownBy(
            () ->
                ArchiveWriter.write(
                    tree,
                    Shelf.request("full", Optional.empty()),
                    TreeListener.NONE,
                    new FullDisk(Long.MAX_VALUE)))
        .hasMessage("a bug");
  }

  @Test
  void by_a_backup_that_is_interrupted() {
    for (int i = 0; i < 10_000; i++) {
      tree.file("f" + i, random(i, 100));
    }
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () ->
                ArchiveWriter.write(
                    tree,
                    Shelf.request("full", Optional.empty()),
                    TreeListener.NONE,
                    new FullDisk(Long.MAX_VALUE)))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void by_a_restore_whose_archive_is_gone() {
    var shelf = new Shelf();
    tree.file("large", random(1, 9 << 20));
    tree.file("small", random(2, 10));
    shelf.add("1", tree);
    tree.get("small").write(random(3, 10));
    shelf.addPartial("2", tree, "1");
    shelf.objects.remove("1");
    assertThatThrownBy(() -> new Host().restore(shelf, "2")).isInstanceOf(VolumeException.class);
  }

  /** Accepts a limited number of bytes. */
  private static final class FullDisk implements WritableByteChannel {
    private long room;

    FullDisk(long room) {
      this.room = room;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      room -= from.remaining();
      if (room < 0) {
        throw new IOException("No space left on device");
      }
      int n = from.remaining();
      from.position(from.limit());
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
