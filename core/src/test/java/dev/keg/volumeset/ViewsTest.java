package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.attachment.Attachment;
import dev.keg.error.BackupException.BeingRestored;
import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Machine.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewsTest {
  private static final VolumeName PLAIN = new VolumeName("plain");
  private static final VolumeName DISK = new VolumeName("disk");

  private final Machine machine;
  private final Views views;

  ViewsTest() throws IOException {
    machine = new Machine();
    views = new Views(machine.context);
  }

  @BeforeEach
  void volumes() {
    machine.volumes.create(VolumeRequest.named(PLAIN));
    machine.volumes.create(
        new VolumeRequest(DISK, "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
  }

  @Test
  void a_plain_volume_is_read_where_it_is_without_a_holder() {
    try (View view = views.open("backup", PLAIN)) {
      assertThat(view.data()).isEqualTo(machine.data("plain"));
      assertThat(view.volume().name()).isEqualTo(PLAIN);
      assertThat(view.isMounted()).isFalse();
      assertThat(machine.holders("plain")).isEmpty();
    }
  }

  @Test
  void another_volume_is_held_and_mounted_while_it_is_read() {
    try (View view = views.open("backup", DISK)) {
      assertThat(view.isMounted()).isTrue();
      assertThat(machine.table.mounts()).hasSize(1);
      assertThat(machine.holders("disk")).containsExactly(machine.data("disk").toString());
    }

    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void reading_a_volume_does_not_count_as_a_use() throws IOException {
    Path holders = machine.registry.layout().attachments(machine.registry.layout().home(DISK));
    FileTime used = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.createDirectories(holders);
    Files.setLastModifiedTime(holders, used);
    try (View _ = views.open("backup", DISK)) {
      assertThat(Files.getLastModifiedTime(holders)).isEqualTo(used);
    }
    assertThat(Files.getLastModifiedTime(holders)).isEqualTo(used);
  }

  @Test
  void the_last_of_several_readers_unmounts() {
    View one = views.open("backup", DISK);
    View other = views.open("export", DISK);
    one.close();
    assertThat(machine.table.mounts()).hasSize(1);
    assertThat(machine.holders("disk")).hasSize(1);

    other.close();
    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void what_is_mounted_by_hand_meanwhile_stays_mounted() {
    try (View _ = views.open("backup", DISK)) {
      machine.access.reveal("disk");
    }

    assertThat(machine.table.mounts()).hasSize(1);
    assertThat(machine.holders("disk")).hasSize(1);
  }

  @Test
  void a_mount_at_another_place_meanwhile_does_not_keep_it_mounted() throws IOException {
    Files.createDirectories(machine.files.getPath("/keg/mnt/a"));
    try (View _ = views.open("backup", DISK)) {
      machine.mountByHand("disk:/keg/mnt/a");
    }

    assertThat(machine.holders("disk")).containsExactly("/keg/mnt/a");
    machine.sets.unmount("/keg/mnt/a", false);
    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void what_a_killed_command_left_mounted_goes_with_the_next_that_looks() {
    var _ = views.open("backup", DISK);
    Views next = new Views(new Machine(machine.files.getPath("/keg"), machine.publisher).context);

    next.open("backup", DISK).close();

    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void a_volume_that_was_mounted_by_hand_stays_mounted() {
    machine.access.reveal("disk");

    views.open("backup", DISK).close();

    assertThat(machine.table.mounts()).hasSize(1);
    assertThat(machine.holders("disk")).hasSize(1);
  }

  @Test
  void a_reader_is_admitted_beside_a_container() {
    machine.mount(WEB, Wanted.volumes("disk:/data"));

    views.open("backup", DISK).close();

    assertThat(machine.holders("disk")).containsExactly("web1");
  }

  @Test
  void a_writer_is_admitted_beside_a_container() {
    machine.mount(WEB, Wanted.volumes("disk:/data"));

    views.openForWriting("cp", DISK).close();

    assertThat(machine.holders("disk")).containsExactly("web1");
  }

  @Test
  void a_writer_is_not_admitted_beside_a_machine_that_reads() {
    machine.attachments.add(DISK, new Attachment.Disk("vm1", "vda", true, Instant.EPOCH));

    views.open("backup", DISK).close();

    assertThatExceptionOfType(InUse.class)
        .isThrownBy(() -> views.openForWriting("cp", DISK))
        .withMessage("mount disk: volume is in use - [vm1]");
  }

  @Test
  void whoever_replaces_the_data_is_alone() {
    machine.mount(WEB, Wanted.volumes("plain:/p", "disk:/d"));

    for (VolumeName name : List.of(PLAIN, DISK)) {
      assertThatExceptionOfType(InUse.class)
          .isThrownBy(() -> views.openAlone("restore", name))
          .withMessage("restore " + name + ": volume is in use - [web1]");
    }
  }

  @Test
  void no_container_gets_the_volume_while_its_data_is_replaced() {
    try (View view = views.openAlone("restore", DISK)) {
      assertThat(view.isMounted()).isTrue();
      assertThatExceptionOfType(InUse.class)
          .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("disk:/data")));
    }

    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void the_hold_of_a_killed_command_of_the_same_kind_is_taken_over() {
    var _ = views.openAlone("restore", DISK); // never closed: the command was killed

    views.openAlone("restore", DISK).close();

    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  /** Locks are real only in real files. */
  @Test
  void nobody_mistakes_the_hold_of_a_running_restore_for_a_mount_by_hand(@TempDir Path directory)
      throws IOException {
    Machine real = new Machine(directory);
    real.volumes.create(
        new VolumeRequest(DISK, "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    Views open = new Views(real.context);
    try (var _ = RestoreLock.take("restore", DISK, real.registry.layout().home(DISK));
        View _ = open.openAlone("restore", DISK)) {
      assertRestoreRuns("backup", () -> open.open("backup", DISK));
      assertRestoreRuns("mount", () -> real.access.reveal("disk"));
      assertRestoreRuns("unmount", () -> real.access.conceal("disk", true));
      assertThat(real.table.mounts()).hasSize(1);
    }
    assertThat(real.table.mounts()).isEmpty();
    open.open("backup", DISK).close();
  }

  private static void assertRestoreRuns(String operation, ThrowingCallable command) {
    assertThatExceptionOfType(BeingRestored.class)
        .isThrownBy(command)
        .withMessage(operation + " disk: a restore of this volume is running");
  }

  @Test
  void a_mount_by_hand_keeps_the_data_from_being_replaced() {
    machine.access.reveal("disk");

    assertThatExceptionOfType(InUse.class).isThrownBy(() -> views.openAlone("restore", DISK));
    assertThat(machine.holders("disk")).hasSize(1);
  }

  @Test
  void a_mount_below_a_volume_is_in_the_way() {
    machine.table.mount(machine.data("plain") + "/below");

    assertThatExceptionOfType(ActiveMounts.class)
        .isThrownBy(() -> views.openAlone("restore", PLAIN));
  }

  @Test
  void a_step_that_nobody_may_see_half_done_runs_only_while_nobody_else_holds_the_volume() {
    List<String> done = new ArrayList<>();
    try (View view = views.openAlone("restore", DISK)) {
      view.alone("restore", () -> done.add("exchanged"));
      assertThat(done).containsExactly("exchanged");
    }
    try (View view = views.open("backup", PLAIN)) {
      machine.mount(WEB, Wanted.volumes("plain:/p"));
      assertThatExceptionOfType(InUse.class)
          .isThrownBy(() -> view.alone("restore", () -> done.add("too late")));
    }
    assertThat(done).containsExactly("exchanged");
  }

  @Test
  void a_missing_volume_is_an_error() {
    VolumeName missing = new VolumeName("missing");

    assertThatExceptionOfType(NotFound.class).isThrownBy(() -> views.open("backup", missing));
    assertThatExceptionOfType(NotFound.class).isThrownBy(() -> views.openAlone("restore", missing));
  }
}
