package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.WWW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.file.CountedWork;
import dev.keg.file.DirectorySync;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator sees of a removal while it runs. */
class RemovalTest {
  private final RootInMemory root = new RootInMemory();
  private final CountedWork work = new CountedWork();
  private VolumeRegistry registry;

  @BeforeEach
  void make() {
    root.make(DB, PoolName.DEFAULT);
    root.make(WWW, PoolName.DEFAULT);
    registry =
        new VolumeRegistry(
            root.layout, DirectorySync.NONE, new SplittableRandom(7), _ -> {}, _ -> {}, work);
  }

  @Test
  void data_outside_the_root_counts_with_its_volume() throws IOException {
    Path file = RootInMemory.write(root.files.getPath("/data/file"), "x".repeat(10_000));

    registry.remove(DB, file.resolveSibling(""));

    assertThat(work.expected.get()).isGreaterThan(10_000).isEqualTo(work.done.get());
  }

  @Test
  void several_volumes_of_unknown_size_count_together() throws IOException {
    RootInMemory.write(root.layout.home(DB).data().resolve("large"), "x".repeat(10_000));
    RootInMemory.write(root.layout.home(WWW).data().resolve("large"), "x".repeat(10_000));

    registry.remove(List.of(DB, WWW), Size.ZERO);

    assertThat(work.expected.get()).isGreaterThan(20_000).isEqualTo(work.done.get());
  }

  @Test
  void a_known_size_is_not_measured() throws IOException {
    RootInMemory.write(root.layout.home(DB).data().resolve("large"), "x".repeat(10_000));

    registry.remove(List.of(DB), new Size(7));

    assertThat(work.expected).hasValue(7);
  }
}
