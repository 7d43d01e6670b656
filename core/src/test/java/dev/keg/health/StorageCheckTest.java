package dev.keg.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.keg.attachment.Attachment;
import dev.keg.backup.BackedHost;
import dev.keg.driver.Examines.Examined;
import dev.keg.driver.HasDevices.IdleDevice;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.VolumeException;
import dev.keg.health.Finding.Severity;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images to examine, and devices that nothing uses. */
final class StorageCheckTest implements StorageCheck.Listener {
  private static final VolumeName VM = new VolumeName("vm");

  private final BackedHost host = new BackedHost();
  private final List<String> told = new ArrayList<>();
  private final StorageCheck check = new StorageCheck(Duration.ofSeconds(60), this);
  private final IdleDeviceCheck devices = new IdleDeviceCheck(host.context.services());

  @BeforeEach
  void a_disk() {
    var _ =
        host.volumes.create(
            new VolumeRequest(VM, "disks", Options.NONE, Labels.NONE, Ownership.DEFAULT));
  }

  @Override
  public void examining(VolumeName volume) {
    told.add("examining " + volume);
  }

  @Override
  public void skipped(VolumeName volume, String why) {
    told.add("skipped " + volume + ": " + why);
  }

  @Override
  public void failed(VolumeException why) {
    told.add("failed: " + why.getMessage());
  }

  private List<Finding> findings() {
    Volume volume = host.registry.get("check", VM);
    return check.of(volume, host.context.services());
  }

  @Test
  void a_sound_disk_is_not_a_finding() {
    assertThat(findings()).isEmpty();
    assertThat(told).containsExactly("examining vm");
  }

  @Test
  void lost_data_is_critical_and_wasted_room_is_not() {
    host.disks.examination = () -> new Examined.Flawed("damaged", "lost", "restore", true);
    assertThat(findings()).extracting(Finding::severity).containsExactly(Severity.CRITICAL);

    host.disks.examination = () -> new Examined.Flawed("leaks", "room", "repair", false);
    assertThat(findings()).extracting(Finding::severity).containsExactly(Severity.WARNING);
  }

  @Test
  void a_held_disk_is_not_examined() {
    host.disks.examination = () -> new Examined.Flawed("damaged", "lost", "restore", true);
    host.attachments.add(VM, new Attachment.Disk("web", "disk", false, host.now()));

    assertThat(findings()).isEmpty();
    assertThat(told).containsExactly("examining vm", "skipped vm: it is in use");
  }

  @Test
  void a_failed_examination_is_neither_sound_nor_a_finding() {
    host.disks.examination =
        () -> {
          throw new DriverFailed("check", "vm", "e2fsck is not installed");
        };

    assertThat(findings()).isEmpty();
    assertThat(told).containsExactly("examining vm", "failed: check vm: e2fsck is not installed");
  }

  @Test
  void a_device_that_nothing_uses_is_freed() {
    host.disks.devices.add(device("/keg/volumes/vm/disk.raw"));

    List<Finding> found = devices.look();

    assertThat(found)
        .extracting(Finding::subject, Finding::problem)
        .containsExactly(
            tuple("vm", "/dev/loop7 is attached to /keg/volumes/vm/disk.raw, but nothing uses it"));
    found.getFirst().repair().orElseThrow().run();
    assertThat(host.disks.devices).isEmpty();
  }

  @Test
  void a_device_of_a_deleted_image_is_named_itself() {
    host.disks.devices.add(device("/keg/trash/1/disk.raw (deleted)"));

    assertThat(devices.look()).extracting(Finding::subject).containsExactly("/dev/loop7");
  }

  @Test
  void a_device_of_a_held_volume_is_left_alone() {
    host.disks.devices.add(device("/keg/volumes/vm/disk.raw"));
    List<Finding> before = devices.look();

    host.attachments.add(VM, new Attachment.Disk("web", "disk", false, host.now()));

    assertThat(devices.look()).isEmpty();
    before.getFirst().repair().orElseThrow().run();
    assertThat(host.disks.devices).hasSize(1);
  }

  private IdleDevice device(String file) {
    Path device = host.files.getPath("/dev/loop7");
    return new IdleDevice(device, host.files.getPath(file));
  }
}
