package dev.keg.machine.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.DriveId;
import dev.keg.machine.Plug;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of disks by a fake QEMU; RunningDisksIT tests the real one. */
final class BackupJobsTest {
  private final Path disks =
      Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(1 << 20).build())
          .getPath("/");
  private final List<DiskCopy> both = List.of(copy("vda", "qcow2"), copy("vdb", "vhd"));
  private FakeQemu qemu;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    qemu = new FakeQemu(directory.resolve("qmp.sock"));
    has("vda", "qcow2", "vda");
    has("#block2", "vpc", "vdb");
    for (DiskCopy copy : both) {
      Files.createFile(copy.target());
    }
  }

  /** Adds a block node of that name for a disk. */
  private void has(String node, String driver, String disk) {
    qemu.nodes.put(
        node, Map.of("driver", driver, "file", Map.of("filename", disks.resolve(disk).toString())));
  }

  @AfterEach
  void stop() throws IOException {
    qemu.close();
  }

  private QmpMachine machine() {
    return new QmpMachine(qemu.socket, Duration.ofSeconds(20), Duration.ofSeconds(20));
  }

  private DiskCopy copy(String drive, String format) {
    return new DiskCopy(
        new Plug(
            new DriveId(drive),
            new VolumeName("data"),
            new MachineDisk(disks.resolve(drive), format, false),
            false),
        disks.resolve("copy of " + drive));
  }

  @Test
  void all_disks_are_copied_in_one_transaction_and_nothing_is_left() {
    AtomicLong copied = new AtomicLong();

    machine().copy(both, copied::addAndGet);

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
                "device", "#block2",
                "target", "keg-to-vdb",
                "sync", "full",
                "auto-dismiss", false));
    assertThat(copied).hasValue(200);
    assertThat(qemu.jobs).isEmpty();
    assertThat(qemu.nodes).containsOnlyKeys("vda", "#block2");
  }

  @Test
  void a_job_that_fails_leaves_nothing_either() {
    qemu.jobError = "No space left on device";

    assertThatThrownBy(() -> machine().copy(both, _ -> {}))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("QEMU could not copy: No space left on device");
    assertThat(qemu.jobs).isEmpty();
    assertThat(qemu.nodes).containsOnlyKeys("vda", "#block2");
  }

  @Test
  void what_a_killed_backup_left_is_ended_first() {
    qemu.jobs.put("keg-backup-vda", Map.of());
    qemu.nodes.put("keg-to-vda", Map.of());

    machine().endCopies(both.stream().map(DiskCopy::plug).toList());

    assertThat(qemu.commands).contains("job-cancel");
    assertThat(qemu.jobs).isEmpty();
    assertThat(qemu.nodes).containsOnlyKeys("vda", "#block2");
  }

  @Test
  void a_machine_that_goes_in_between_fails_the_backup() {
    qemu.gone = "transaction!";

    assertThatThrownBy(() -> machine().copy(both, _ -> {}))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("QEMU closed the connection");
    // The machine came back: nothing of ours is left.
    assertThat(qemu.jobs).isEmpty();
    assertThat(qemu.nodes).containsOnlyKeys("vda", "#block2");
  }

  @Test
  void a_disk_that_the_machine_does_not_have_is_refused() {
    assertThatThrownBy(() -> machine().copy(List.of(copy("vdc", "raw")), _ -> {}))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("the machine has no disk of /vdc");
    assertThat(qemu.commands).doesNotContain("transaction");
  }

  @Test
  void a_disk_is_known_by_its_file_however_the_machine_names_it() {
    has("vda", "vpc", "vdb");
    has("vdb", "qcow2", "vda");
    qemu.nodes.remove("#block2");

    machine().copy(both, _ -> {});

    assertThat(qemu.begun)
        .extracting(data -> data.get("target") + " from " + data.get("device"))
        .containsExactly("keg-to-vda from vdb", "keg-to-vdb from vda");
  }

  @Test
  void a_disk_of_the_same_name_is_not_the_disk() {
    has("vda", "qcow2", "other");
    assertThatThrownBy(() -> machine().copy(both, _ -> {}))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("the machine has no disk of /vda");
    assertThat(qemu.commands).doesNotContain("transaction");
  }

  @Test
  void among_several_nodes_of_a_file_the_name_decides() {
    has("#block1", "qcow2", "vda");
    has("#file", "file", "vda");
    machine().copy(both, _ -> {});
    assertThat(qemu.begun.getFirst().get("device")).isEqualTo("vda");
  }

  @Test
  void a_copy_is_given_up_before_the_file_system_is_full() throws IOException {
    qemu.polls.set(50);
    Files.write(disks.resolve("other"), new byte[1000 << 10]);

    assertThatThrownBy(() -> machine().copy(both, _ -> {}))
        .isInstanceOfSatisfying(MachineFailed.class, failed -> assertThat(failed.hint()).isEmpty())
        .hasMessageContaining("is almost full");
    assertThat(qemu.commands).contains("job-cancel");
    assertThat(qemu.jobs).isEmpty();
    assertThat(qemu.nodes).containsOnlyKeys("vda", "#block2");
  }

  @Test
  void what_was_written_since_a_bitmap_began_is_copied_and_the_next_one_begins_with_that() {
    qemu.addBitmap("vda", "keg-old");
    DiskCopy changes =
        new DiskCopy(
            both.getFirst().plug(),
            both.getFirst().target(),
            Optional.of("keg-old"),
            Optional.of("keg-new"));

    assertThat(machine().copy(List.of(changes), _ -> {})).containsExactly(new Size(100));

    assertThat(qemu.begun)
        .containsExactly(
            Map.of(
                "job-id", "keg-backup-vda",
                "device", "vda",
                "target", "keg-to-vda",
                "sync", "bitmap",
                "bitmap", "keg-old",
                "bitmap-mode", "never",
                "auto-dismiss", false));
    // The old one stays until the backup exists.
    assertThat(machine().bitmaps(changes.plug()))
        .isEqualTo(Map.of("keg-old", new Size(131072), "keg-new", new Size(131072)));
    machine().removeBitmaps(changes.plug(), "keg-old"::equals);
    assertThat(machine().bitmaps(changes.plug())).containsOnlyKeys("keg-new");
  }

  @Test
  void a_disk_below_a_snapshot_is_refused_since_it_no_longer_changes() {
    qemu.nodes.put(
        "over",
        Map.of(
            "driver", "qcow2",
            "file", Map.of("filename", "/over"),
            "backing", Map.of("filename", disks.resolve("vda").toString())));

    assertThatThrownBy(() -> machine().copy(both, _ -> {}))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("the machine writes to /over, which is built on the disk");
    assertThat(qemu.begun).isEmpty();
  }

  @Test
  void a_bitmap_that_is_in_use_does_not_keep_the_others() {
    qemu.addBitmap("vda", "keg-1");
    qemu.addBitmap("vda", "keg-2");
    qemu.busy.add("keg-1");
    Plug plug = both.getFirst().plug();

    assertThatThrownBy(() -> machine().removeBitmaps(plug, name -> name.startsWith("keg-")))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("Bitmap 'keg-1' is currently in use");
    assertThat(qemu.bitmaps.get("vda")).containsOnlyKeys("keg-1");
  }

  @Test
  void a_bitmap_that_lacks_something_is_not_relied_on_but_removed() {
    qemu.addBitmap("vda", "keg-torn", false);
    Plug plug = both.getFirst().plug();

    assertThat(machine().bitmaps(plug)).isEmpty();
    machine().removeBitmaps(plug, name -> name.startsWith("keg-"));
    assertThat(qemu.bitmaps.get("vda")).isEmpty();
  }
}
