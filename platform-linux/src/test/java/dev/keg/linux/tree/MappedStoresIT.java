package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases such as LMDB write through mappings, which rarely or never changes a file's times. */
class MappedStoresIT {
  private static final int PAGE = 4096;

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {"/var/tmp", "/dev/shm"})
  void a_store_through_a_mapping_is_in_the_next_backup(String place) throws Exception {
    Path tree = Files.createTempDirectory(Path.of(place), "keg-mapped");
    Path file = Files.write(tree.resolve("file"), new byte[2 * PAGE]);
    Backups backups = new Backups(scratch);
    // As if the file had been written long ago.
    backups.clock = () -> Instant.now().plus(Duration.ofSeconds(10));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapping = channel.map(MapMode.READ_WRITE, 0, 2 * PAGE);
      for (int night = 1; night <= 5; night++) {
        mapping.put(0, (byte) night);
        if (night == 1) {
          backups.backup(tree, "night1");
        } else {
          backups.partial(tree, "night" + night, "night" + (night - 1));
        }
        Path restored = scratch.resolve("restored" + night);
        backups.restore("night" + night, Files.createDirectory(restored));
        assertThat(Files.readAllBytes(restored.resolve("file"))[0]).isEqualTo((byte) night);
        // The page is already dirty at this write, unless a sync has cleaned it.
        mapping.put(1, (byte) night);
      }
    } finally {
      Files.delete(file);
      Files.delete(tree);
    }
  }
}
