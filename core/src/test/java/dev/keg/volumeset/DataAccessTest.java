package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.OTHER;
import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.BackupException.HalfRestored;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.DriverUnavailable;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Machine.Wanted;
import dev.keg.volumeset.MountListing.Entry.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataAccessTest {
  private final Machine machine;

  DataAccessTest() throws IOException {
    machine = new Machine();
  }

  @BeforeEach
  void volumes() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("plain")));
    machine.volumes.create(
        new VolumeRequest(
            new VolumeName("disk"), "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    Files.createDirectories(machine.files.getPath("/keg/mnt/a"));
    Files.createDirectories(machine.files.getPath("/keg/mnt/b"));
  }

  @Test
  void a_plain_volume_is_visible_without_a_mount() throws IOException {
    assertThat(machine.access.reveal("plain")).isEqualTo(machine.data("plain"));

    assertThat(machine.holders("plain")).isEmpty();
    assertThat(machine.table.mounts()).isEmpty();
  }

  @Test
  void another_one_is_visible_until_it_is_concealed() {
    assertThat(machine.access.reveal("disk")).isEqualTo(machine.data("disk"));
    assertThat(machine.access.reveal("disk")).isEqualTo(machine.data("disk"));
    assertThat(machine.holders("disk")).containsExactly("/keg/lib/volumes/disk/_data");

    machine.access.conceal("disk", false);
    machine.access.conceal("disk", false);

    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "disk"})
  void one_between_two_trees_of_a_killed_restore_is_not_shown(String name) throws IOException {
    Path journal = machine.data(name).resolveSibling("restore.json");
    Files.writeString(journal, "{\"schema\":1,\"inode\":0,\"phase\":\"MOVING_IN\"}");

    assertThatExceptionOfType(HalfRestored.class)
        .isThrownBy(() -> machine.access.reveal(name))
        .withMessage(
            "mount " + name + ": an interrupted restore left neither the old content nor the new");
    assertThatExceptionOfType(HalfRestored.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes(name + ":/data")));
    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders(name)).isEmpty();

    Files.writeString(journal, "{\"schema\":1,\"inode\":0,\"phase\":\"STAGING\"}");
    assertThat(machine.access.reveal(name)).isEqualTo(machine.data(name));
  }

  @Test
  void one_that_cannot_be_concealed_stays_recorded_and_goes_out_of_sight_lazily() {
    machine.access.reveal("disk");
    machine.publisher.faults().failAt(1);

    assertThatExceptionOfType(DriverFailed.class)
        .isThrownBy(() -> machine.access.conceal("disk", false))
        .withMessageContaining("told to fail");
    assertThat(machine.holders("disk")).containsExactly("/keg/lib/volumes/disk/_data");

    machine.publisher.faults().heal();
    machine.access.conceal("disk", true);
    assertThat(machine.publisher.calls())
        .containsExactly("withdraw /keg/lib/volumes/disk/_data lazily");
    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void one_of_several_holders_ends_although_the_driver_is_missing_now() {
    machine.mount(WEB, Wanted.volumes("disk:/data"));
    machine.mount(OTHER, Wanted.volumes("disk:/other"));
    machine.mounting.obstacle = Optional.of("its program was removed");

    machine.sets.tearDown(WEB, false);

    assertThat(machine.holders("disk")).containsExactly(OTHER.toString());
    assertThat(machine.mounting.released).isEmpty();
    assertThatExceptionOfType(DriverUnavailable.class)
        .isThrownBy(() -> machine.sets.tearDown(OTHER, false));
    machine.mounting.obstacle = Optional.empty();
    machine.sets.tearDown(OTHER, false);
    assertThat(machine.table.mounts()).isEmpty();
  }

  @Test
  void a_driver_hears_of_a_holder_that_ends_before_the_last() {
    machine.mount(WEB, Wanted.volumes("disk:/data"));
    machine.mount(OTHER, Wanted.volumes("disk:/other"));

    machine.sets.tearDown(WEB, false);
    assertThat(machine.mounting.released).containsExactly("disk");
    machine.sets.tearDown(OTHER, false);
    assertThat(machine.mounting.released).hasSize(1);
  }

  @Test
  void concealing_takes_down_all_that_was_mounted_by_hand() throws IOException {
    machine.mountByHand("disk:/keg/mnt/a");
    machine.mountByHand("disk:/keg/mnt/b:ro");
    assertThat(machine.publisher.standing()).hasSize(2);

    machine.access.conceal("disk", false);

    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.plans()).isEmpty();
  }

  @Test
  void concealing_leaves_another_volume_that_is_mounted_there_meanwhile() {
    machine.mountByHand("disk:/keg/mnt/a");
    machine.mountByHand("disk:/keg/mnt/b");
    machine.publisher.watch(
        _ -> {
          machine.publisher.watch(_ -> {});
          machine.sets.unmount("/keg/mnt/b", false);
          machine.mountByHand("plain:/keg/mnt/b");
        });

    machine.access.conceal("disk", false);

    assertThat(machine.holders("disk")).isEmpty();
    assertThat(machine.holders("plain")).containsExactly("/keg/mnt/b");
    assertThat(machine.publisher.standing())
        .containsExactly("/keg/lib/volumes/plain/_data rw on /keg/mnt/b");
  }

  @Test
  void concealing_leaves_containers_what_is_theirs() {
    machine.mount(WEB, Wanted.volumes("disk:/data"));

    assertThatExceptionOfType(InUse.class)
        .isThrownBy(() -> machine.access.conceal("disk", false))
        .withMessage("unmount disk: volume is in use - [web1]");
    assertThat(machine.publisher.standing()).hasSize(1);
  }

  @Test
  void the_driver_learns_that_a_target_is_only_read_but_not_that_a_command_only_reads() {
    new Views(machine.context).open("backup", new VolumeName("disk")).close();
    machine.mountByHand("disk:/keg/mnt/a:ro");
    new Views(machine.context).open("backup", new VolumeName("disk")).close();
    machine.mountByHand("disk:/keg/mnt/b");

    assertThat(machine.mounting.readOnly).containsExactly(false, true, true, false);
  }

  @Test
  void files_are_closed_by_force_before_the_volume_is_unmounted() {
    machine.mountByHand("disk:/keg/mnt/a");
    machine.access.reveal("disk");

    machine.access.concealByForce("disk");

    assertThat(machine.mounting.closed).containsExactly("disk");
    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void a_volume_that_cannot_be_unmounted_by_force_stays_held() {
    machine.mountByHand("disk:/keg/mnt/a");
    machine.mounting.unmountFails = true;

    assertThatExceptionOfType(DriverFailed.class)
        .isThrownBy(() -> machine.access.concealByForce("disk"));

    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.holders("disk")).containsExactly("/keg/lib/volumes/disk/_data");
    machine.mounting.unmountFails = false;
    machine.access.conceal("disk", false);
    assertThat(machine.table.mounts()).isEmpty();
  }

  @Test
  void a_container_that_takes_the_volume_meanwhile_keeps_its_files_open() {
    machine.mountByHand("disk:/keg/mnt/a");
    machine.publisher.watch(
        call -> {
          if (call.startsWith("withdraw")) {
            machine.publisher.watch(_ -> {});
            machine.mount(WEB, Wanted.volumes("disk:/data"));
          }
        });

    machine.access.concealByForce("disk");

    assertThat(machine.mounting.closed).isEmpty();
    assertThat(machine.publisher.standing()).hasSize(1);
  }

  @Test
  void files_of_containers_are_not_closed_by_force() {
    machine.mount(WEB, Wanted.volumes("disk:/data"));
    machine.mountByHand("disk:/keg/mnt/a");

    assertThatExceptionOfType(InUse.class)
        .isThrownBy(() -> machine.access.concealByForce("disk"))
        .withMessage("unmount disk: volume is in use - [web1]");
    assertThat(machine.mounting.closed).isEmpty();
    assertThat(machine.publisher.standing()).hasSize(2);
  }

  @Test
  void a_driver_that_cannot_close_files_says_so() {
    assertThatExceptionOfType(NotSupported.class)
        .isThrownBy(() -> machine.access.concealByForce("plain"))
        .withMessage(
            "unmount plain: driver 'local' cannot close open files; --lazy waits for them");
  }

  @Test
  void what_a_killed_command_left_visible_is_taken_down() {
    machine.table.mount("/keg/lib/volumes/disk/_data");

    machine.access.conceal("disk", false);

    assertThat(machine.table.mounts()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nope", "../x"})
  void the_volume_must_exist(String name) {
    assertThatExceptionOfType(NotFound.class).isThrownBy(() -> machine.access.reveal(name));
    assertThatExceptionOfType(NotFound.class).isThrownBy(() -> machine.access.conceal(name, false));
  }

  @Test
  void a_mount_by_hand_is_unmounted_by_its_path() throws IOException {
    machine.mountByHand("plain:/keg/mnt/a");
    assertThat(machine.holders("plain")).containsExactly("/keg/mnt/a");

    machine.sets.unmount("/keg/mnt/a", true);
    machine.sets.unmount("/keg/mnt/a", true);

    assertThat(machine.publisher.calls()).contains("withdraw /keg/mnt/a lazily");
    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.plans()).isEmpty();
    assertThat(machine.holders("plain")).isEmpty();
  }

  @Test
  void one_mount_of_a_container_is_unmounted_by_its_path() throws IOException {
    machine.mount(WEB, Wanted.volumes("plain:/data", "disk:/disk"));

    machine.sets.unmount("/keg/r/data", false);

    assertThat(machine.publisher.standing())
        .containsExactly("/keg/lib/volumes/disk/_data rw on /keg/r/disk");
    machine.sets.tearDown(WEB, false);
    assertThat(machine.publisher.standing()).isEmpty();
  }

  @Test
  void what_others_mounted_is_not_unmounted() {
    machine.table.mount("/keg/mnt/a");

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.sets.unmount("/keg/mnt/a", false))
        .withMessage("unmount /keg/mnt/a: keg did not mount it");
  }

  @Test
  void the_list_tells_where_what_is_mounted_for_whom() {
    machine.mount(WEB, Wanted.volumes("plain:/data:ro"));
    machine.mountByHand("disk:/keg/mnt/a");
    machine.access.reveal("disk");

    assertThat(MountListing.of(machine.context).entries())
        .extracting(entry -> entry.source() + " " + entry.target() + " " + entry.container())
        .containsExactlyInAnyOrder(
            "plain /keg/r/data web1", "disk /keg/mnt/a ", "disk /keg/lib/volumes/disk/_data ");
    assertThat(MountListing.of(machine.context).entries())
        .allMatch(entry -> entry.state() == State.MOUNTED && entry.since().equals(Machine.NOW));
  }

  @Test
  void the_list_tells_what_is_gone() {
    machine.mount(WEB, Wanted.volumes("plain:/data"));
    machine.access.reveal("disk");
    machine.publisher.reboot();

    assertThat(MountListing.of(machine.context).entries())
        .hasSize(2)
        .allMatch(entry -> entry.state() == State.STALE);
  }

  @Test
  void a_plan_that_cannot_be_read_is_a_problem_of_its_own() throws IOException {
    machine.mount(WEB, Wanted.volumes("plain:/data"));
    Files.writeString(machine.registry.layout().containers().resolve("web9.json"), "{");

    MountListing listing = MountListing.of(machine.context);

    assertThat(listing.entries()).hasSize(1);
    assertThat(listing.problems()).hasSize(1);
    assertThat(listing.problems().getFirst()).hasMessageContaining("web9.json");
  }

  @Test
  void a_plan_that_a_power_failure_left_empty_is_ignored() throws IOException {
    machine.mount(WEB, Wanted.volumes("plain:/data"));
    machine.publisher.reboot();
    Files.write(machine.registry.layout().containers().resolve("web1.json"), new byte[100]);

    machine.sets.tearDown(WEB, false);
    machine.mount(WEB, Wanted.volumes("plain:/data"));

    assertThat(machine.publisher.standing()).hasSize(1);
  }
}
