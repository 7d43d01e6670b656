package dev.keg.machine.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.DriveId;
import dev.keg.machine.Plug;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of disks by a QEMU that is faked; the real one is RunningDisksIT's. */
final class BackupJobsTest {
  private FakeQemu qemu;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    qemu = new FakeQemu(directory.resolve("qmp.sock"));
    qemu.drives.add("vda");
    qemu.nodes.put("vdb", Map.of());
  }

  @AfterEach
  void stop() throws IOException {
    qemu.close();
  }

  private QmpMachine machine() {
    return new QmpMachine(qemu.socket, Duration.ofSeconds(20), Duration.ofSeconds(20));
  }

  private static DiskCopy copy(String drive, String format) {
    return new DiskCopy(
        new Plug(
            new DriveId(drive),
            new VolumeName("data"),
            new MachineDisk(Path.of("/keg/" + drive), format, false),
            false),
        Path.of("/keg/copy of " + drive));
  }

  private static final List<DiskCopy> BOTH = List.of(copy("vda", "qcow2"), copy("vdb", "vhd"));

  @Test
  void all_disks_are_copied_in_one_transaction_and_nothing_is_left() {
    AtomicLong copied = new AtomicLong();

    machine().copy(BOTH, copied::addAndGet);

    assertThat(Collections.frequency(qemu.commands, "transaction")).isEqualTo(1);
    assertThat(qemu.begun)
        .containsExactly(
            Map.of(
                "job-id", "keg-backup-vda",
                "device", "vda",
                "target", "keg-to-vda",
                "sync", "full",
                "auto-dismiss", false),
            Map.of(
                "job-id", "keg-backup-vdb",
                "device", "vdb",
                "target", "keg-to-vdb",
                "sync", "full",
                "auto-dismiss", false));
    assertThat(copied).hasValue(200);
    assertThat(qemu.jobs).isEmpty();
    assertThat(qemu.nodes).containsOnlyKeys("vdb");
  }

  @Test
  void a_job_that_fails_leaves_nothing_either() {
    qemu.jobError = "No space left on device";

    assertThatThrownBy(() -> machine().copy(BOTH, _ -> {}))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("QEMU could not copy: No space left on device");
    assertThat(qemu.jobs).isEmpty();
    assertThat(qemu.nodes).containsOnlyKeys("vdb");
  }

  @Test
  void what_a_killed_backup_left_is_ended_first() {
    qemu.jobs.put("keg-backup-vda", Map.of());
    qemu.nodes.put("keg-to-vda", Map.of());

    machine().copy(BOTH, _ -> {});

    assertThat(qemu.commands.indexOf("job-cancel"))
        .isBetween(0, qemu.commands.indexOf("transaction"));
    assertThat(qemu.jobs).isEmpty();
  }

  @Test
  void a_machine_that_goes_in_between_fails_the_backup() {
    qemu.gone = "transaction!";

    assertThatThrownBy(() -> machine().copy(BOTH, _ -> {}))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("QEMU closed the connection");
    // It came back: nothing of ours is left.
    assertThat(qemu.jobs).isEmpty();
    assertThat(qemu.nodes).containsOnlyKeys("vdb");
  }

  @Test
  void a_disk_that_the_machine_does_not_have_is_refused() {
    assertThatThrownBy(() -> machine().copy(List.of(copy("vdc", "raw")), _ -> {}))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("the machine has no disk vdc of /keg/vdc");
    assertThat(qemu.commands).doesNotContain("transaction");
  }
}
