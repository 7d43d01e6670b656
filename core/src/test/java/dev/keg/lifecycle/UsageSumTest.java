package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.lifecycle.Usage.Content;
import dev.keg.usage.Room;
import dev.keg.usage.TreeUsage;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsageSumTest {
  private static final Optional<Size> UNKNOWN = Optional.empty();
  private static final Usage DB = usage("db", "fast", 100, 128, 3, Optional.of(2));
  private static final Usage WEB = usage("web", "default", 20, 32, 1, Optional.of(1));
  private static final Usage GONE =
      new Usage(
          volume("gone"),
          "fast",
          "",
          Optional.empty(),
          Optional.empty(),
          0,
          Optional.empty(),
          Content.UNKNOWN);

  private static Volume volume(String name) {
    return Volume.plain(new VolumeName(name));
  }

  private static Usage usage(
      String name, String pool, long size, long allocated, long files, Optional<Integer> holders) {
    TreeUsage tree = new TreeUsage(new Size(size), Optional.of(new Size(allocated)), files, 1);
    return new Usage(
        volume(name),
        pool,
        "directory",
        Optional.empty(),
        holders,
        0,
        Optional.empty(),
        new Content(
            Optional.of(tree.size()),
            tree.allocated(),
            Optional.of(tree),
            Optional.empty(),
            Optional.empty()));
  }

  private static UsageSum sum(
      String name,
      int volumes,
      long size,
      long allocated,
      long files,
      int holders,
      Optional<Size> room) {
    return new UsageSum(
        name,
        volumes,
        Optional.of(new Size(size)),
        Optional.of(new Size(allocated)),
        Optional.of(files),
        holders,
        room);
  }

  private static PoolState pool(String name, Optional<Room> room) {
    return new PoolState(
        new PoolName(name), Path.of("/"), Optional.empty(), 0, Optional.empty(), room);
  }

  @Test
  void a_sum_adds_the_known_values() {
    assertThat(UsageSum.of("all", List.of(DB, GONE, WEB)))
        .isEqualTo(sum("all", 3, 120, 160, 4, 3, UNKNOWN));
  }

  @Test
  void a_sum_of_unknown_values_is_unknown() {
    assertThat(UsageSum.of("all", List.of(GONE)))
        .isEqualTo(
            new UsageSum(
                "all",
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty()));
  }

  @Test
  void groups_are_in_the_order_of_their_names() {
    assertThat(UsageSum.by(Usage::pool, List.of(DB, GONE, WEB)))
        .containsExactly(
            sum("default", 1, 20, 32, 1, 1, UNKNOWN), sum("fast", 2, 100, 128, 3, 2, UNKNOWN));
  }

  @Test
  void a_pool_has_its_own_volumes_and_its_own_room() {
    Size free = new Size(500);
    List<PoolState> pools =
        List.of(
            pool("default", Optional.empty()),
            pool("empty", Optional.empty()),
            pool("fast", Optional.of(room(free))));

    assertThat(UsageSum.by(pools, List.of(DB, GONE, WEB)))
        .containsExactly(
            sum("default", 1, 20, 32, 1, 1, UNKNOWN),
            UsageSum.of("empty", List.of()),
            sum("fast", 2, 100, 128, 3, 2, Optional.of(free)));
  }

  private static Room room(Size available) {
    return new Room(new Size(1000), available, available, 0, 0);
  }
}
