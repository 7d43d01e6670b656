package dev.keg.linux.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.activity.Counters;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountersTest {
  private static final String NFS =
      """
      device rootfs mounted on / with fstype rootfs
      device server:/other mounted on /srv/other with fstype nfs4 statvers=1.1
      \tbytes:\t9 9 9 9 9 9 9 9
      \tper-op statistics
      \t        READ: 9 9 0 9 9 9 9 9 9
      device server:/export mounted on /srv/a\\040b with fstype nfs4 statvers=1.1
      \tbytes:\t0 0 0 0 4096 8192 1 2
      \tper-op statistics
      \t        NULL: 1 1 0 44 24 0 0 0 0
      \t        READ: 3 3 0 516 4216 0 1 1 0
      \t       WRITE: 2 2 0 8600 320 0 1 1 0
      device tmpfs mounted on /run with fstype tmpfs
      """;

  @Test
  void a_block_device_counts_sectors() {
    assertThat(
            BlockCounters.parse(
                "    9403     1832   722318     3302     4417     5172   236624     9103        0"
                    + "     7340    12560        0        0        0        0      100      155\n"))
        .contains(
            new Counters(
                9403,
                722318L * 512,
                4417,
                236624L * 512,
                OptionalLong.of(7340),
                OptionalLong.of(12560)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1 2 3", "not a number"})
  void what_is_no_line_of_counters_is_nothing(String text) {
    assertThat(BlockCounters.parse(text)).isEmpty();
  }

  @Test
  void an_nfs_mount_is_found_by_its_path() {
    assertThat(NfsCounters.parse(NFS, "/srv/a b"))
        .contains(
            new NfsCounters.Share(
                "server:/export",
                new Counters(3, 4096, 2, 8192, OptionalLong.empty(), OptionalLong.empty())));
    assertThat(NfsCounters.parse(NFS, "/run")).isEmpty();
    assertThat(NfsCounters.parse(NFS, "/nowhere")).isEmpty();
  }
}
