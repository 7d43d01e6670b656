package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which directories are synced, and so survive a power failure. */
class RegistrySyncTest {
  private static final VolumeName DB = new VolumeName("db");

  private final List<Path> synced = new ArrayList<>();
  private RegistryLayout layout;
  private VolumeRegistry registry;

  @BeforeEach
  void open() {
    Path root = Jimfs.newFileSystem(Configuration.unix()).getPath("/srv/data/keg");
    layout = new RegistryLayout(root);
    registry = new VolumeRegistry(layout, synced::add, new SplittableRandom(1), _ -> {});
  }

  private VolumeHome publish() throws IOException {
    VolumeHome draft = registry.stage(DB, PoolName.DEFAULT);
    Files.createDirectory(draft.data());
    registry.publish(
        new Volume(DB, "local", Options.NONE, Labels.NONE, Instant.parse("2026-11-20T10:00:00Z")),
        draft);
    return draft;
  }

  @Test
  void a_new_root_is_synced_with_every_directory_above_it_that_is_new() {
    registry.openForWriting();

    Path srv = layout.root().getFileSystem().getPath("/srv");
    assertThat(synced)
        .containsExactly(srv.getParent(), srv, layout.root().getParent(), layout.root());
  }

  @Test
  void a_new_volume_is_on_disk_before_its_name_and_its_name_afterwards() throws IOException {
    registry.openForWriting();
    synced.clear();

    VolumeHome draft = publish();

    assertThat(synced).containsExactly(draft.data(), draft.path(), layout.volumes());
  }

  @Test
  void a_renamed_volume_is_synced() throws IOException {
    registry.openForWriting();
    publish();
    synced.clear();

    registry.rename(DB, new VolumeName("other"));

    assertThat(synced).containsExactly(layout.volumes());
  }

  @Test
  void many_removed_volumes_are_synced_once() throws IOException {
    registry.openForWriting();
    publish();
    registry.rename(DB, new VolumeName("other"));
    publish();
    synced.clear();

    registry.remove(List.of(DB, new VolumeName("other")), Size.ZERO);

    assertThat(synced).containsExactly(layout.volumes());
  }

  @Test
  void only_many_items_are_worth_several_cores() {
    assertThat(Parallel.stream(numbers(255)).isParallel()).isFalse();
    assertThat(Parallel.stream(numbers(256)).isParallel()).isTrue();
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
