package dev.keg.linux.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.keg.activity.Activities;
import dev.keg.activity.Activity;
import dev.keg.activity.Counters;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.util.Optional;
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
      \t        READ: 3 3 0 516 4216 0 1 6 0
      \t       WRITE: 2 2 0 8600 320 2 1 4 0
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

  /**
   * The activity of fio on a loop device in 5.005 seconds. The output of iostat -dxk for the same
   * time: r/s 256.00, rkB/s 4096.00, w/s 129.80, wkB/s 2052.80, aqu-sz 0.09, %util 3.68.
   */
  @Test
  void the_figures_are_those_of_iostat() {
    Activities.Sample before =
        sample(
            0,
            "10136 236 964670 28964 3577 1442 732012 4465 0 8400 34468 162 156 3251302 20 727"
                + " 1017");
    Activities.Sample after =
        sample(
            5005,
            "11417 236 1005662 28997 4227 1457 752572 4760 0 8584 34937 162 156 3251302 20 729"
                + " 1159");

    Activity activity = after.since(before).orElseThrow();

    assertThat(activity.reads()).isCloseTo(256.00, within(0.1));
    assertThat(activity.readBytes() / 1024).isCloseTo(4096.00, within(2.0));
    assertThat(activity.writes()).isCloseTo(129.80, within(0.1));
    assertThat(activity.writtenBytes() / 1024).isCloseTo(2052.80, within(2.0));
    assertThat(activity.queue().orElseThrow()).isCloseTo(0.09, within(0.005));
    assertThat(activity.waitMillis().orElseThrow()).isCloseTo(0.24, within(0.01));
    assertThat(activity.busy().orElseThrow() * 100).isCloseTo(3.68, within(0.01));
  }

  private static Activities.Sample sample(long millis, String stat) {
    Volume volume =
        new Volume(new VolumeName("db"), "loop", Options.NONE, Labels.NONE, Instant.EPOCH);
    return new Activities.Sample(
        volume, Optional.empty(), BlockCounters.parse(stat), Instant.ofEpochMilli(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1 2 3", "not a number"})
  void a_malformed_line_of_counters_is_ignored(String text) {
    assertThat(BlockCounters.parse(text)).isEmpty();
  }

  @Test
  void an_nfs_mount_is_found_by_its_path() {
    assertThat(NfsCounters.parse(NFS, "/srv/a b"))
        .contains(
            new NfsCounters.MountCounters(
                "server:/export",
                new Counters(3, 4096, 2, 8192, OptionalLong.empty(), OptionalLong.of(10))));
    assertThat(NfsCounters.parse(NFS, "/run")).isEmpty();
    assertThat(NfsCounters.parse(NFS, "/nowhere")).isEmpty();
  }
}
