package dev.keg.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.keg.activity.Counters;
import dev.keg.activity.Device;
import dev.keg.activity.DeviceLog.Failure;
import dev.keg.activity.Devices;
import dev.keg.attachment.Attachment;
import dev.keg.backup.BackedHost;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DeviceCheckTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final BackedHost host = new BackedHost();
  private final Volume db = host.registry.get("check", host.create("db"));

  private record Disk(String name, Set<String> names) implements Device {
    @Override
    public Optional<Counters> counters() {
      return Optional.empty();
    }
  }

  /** The volume db has its own disk; everything else is on a partition. */
  private static Optional<Device> below(Path file) {
    return Optional.of(
        file.endsWith("_data")
            ? new Disk("loop0", Set.of("loop0"))
            : new Disk("sda1", Set.of("sda1", "sda")));
  }

  private DeviceCheck check(Devices devices, Failure... failures) {
    return new DeviceCheck(host.context.services(), devices, () -> List.of(failures));
  }

  @Test
  void errors_of_a_disk_concern_the_root_on_its_partition() {
    DeviceCheck check = check(DeviceCheckTest::below, new Failure("sda", HOUR, "I/O error"));

    assertThat(check.ofPlaces())
        .extracting(Finding::subject, Finding::problem)
        .containsExactly(tuple("/keg/volumes", "the kernel reports errors of sda: I/O error"));
    assertThat(check.of(db)).isEmpty();
  }

  @Test
  void errors_of_a_volume_s_own_device_concern_the_volume_and_the_newest_is_reported() {
    DeviceCheck check =
        check(
            DeviceCheckTest::below,
            new Failure("loop0", HOUR, "first"),
            new Failure("loop0", HOUR, "last"));

    assertThat(check.of(db))
        .extracting(Finding::problem)
        .containsExactly("the kernel reports errors of loop0: last");
    assertThat(check.ofPlaces()).isEmpty();
  }

  @Test
  void a_volume_on_the_disk_of_the_root_is_not_reported_a_second_time() {
    Devices one = _ -> below(Path.of("/"));

    assertThat(check(one, new Failure("sda", HOUR, "I/O error")).of(db)).isEmpty();
  }

  @Test
  void errors_of_a_pool_s_disk_are_reported_once() throws IOException {
    Path pool = Files.createDirectory(host.files.getPath("/disk"));
    host.registry.pools().add(new PoolName("fast"), pool);
    Devices two = file -> below(file.startsWith(pool) ? Path.of("/x/_data") : Path.of("/"));
    Failure ofPool = new Failure("loop0", HOUR, "I/O error");

    assertThat(check(two, ofPool).ofPlaces())
        .extracting(Finding::subject)
        .containsExactly("pool fast");
    assertThat(check(_ -> two.below(pool), ofPool).of(db)).isEmpty();
  }

  @Test
  void errors_of_the_disk_below_a_volume_that_is_not_visible_concern_it() {
    VolumeName vm = new VolumeName("vm");
    Volume hidden =
        host.volumes
            .create(new VolumeRequest(vm, "disks", Options.NONE, Labels.NONE, Ownership.DEFAULT))
            .volume();
    Path file = host.registry.layout().home(hidden.name()).file("disk.raw");
    Devices two = asked -> below(Path.of(asked.equals(file) ? "/_data" : "/"));

    assertThat(check(two, new Failure("loop0", HOUR, "I/O error")).of(hidden)).hasSize(1);
  }

  @Test
  void errors_of_last_month_are_forgotten() {
    Failure old = new Failure("loop0", Duration.ofDays(30), "I/O error");

    assertThat(check(DeviceCheckTest::below, old).of(db)).isEmpty();
  }

  @Test
  void errors_from_before_the_volume_was_mounted_are_those_of_another() {
    host.attachments.add(db.name(), new Attachment.Disk("vm", "disk", false, host.now()));
    Failure before = new Failure("loop0", HOUR, "I/O error");
    Failure now = new Failure("loop0", Duration.ZERO, "I/O error");

    assertThat(check(DeviceCheckTest::below, before).of(db)).isEmpty();
    assertThat(check(DeviceCheckTest::below, now).of(db)).hasSize(1);
  }
}
