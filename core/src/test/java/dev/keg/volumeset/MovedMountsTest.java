package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.OTHER;
import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Machine.Wanted;
import dev.keg.volumeset.MountListing.Entry;
import dev.keg.volumeset.MountListing.Entry.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mount is recognised by its identity, not by its original place. */
class MovedMountsTest {
  private final Machine machine;

  MovedMountsTest() throws IOException {
    machine = new Machine();
  }

  @BeforeEach
  void volumes() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("plain")));
    machine.volumes.create(
        new VolumeRequest(
            new VolumeName("disk"), "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    Files.createDirectories(path("/keg/t/a/b"));
  }

  private Path path(String text) {
    return machine.files.getPath(text);
  }

  private void mountAndMove() throws IOException {
    machine.mountByHand("plain:/keg/t/a/b");
    machine.publisher.rename(path("/keg/t/a"), path("/keg/t/z"));
  }

  private List<VolumeName> pruned() {
    VolumeFilter all =
        VolumeFilter.forPrune(true, FilterArguments.NONE, machine.volumes.filterContext());
    return machine.volumes.pruning().prune(all).removed();
  }

  private List<Entry> listed() {
    return MountListing.of(machine.context).entries();
  }

  @Test
  void a_volume_whose_mount_was_moved_is_not_removed() throws IOException {
    mountAndMove();

    assertThatExceptionOfType(InUse.class)
        .isThrownBy(() -> machine.volumes.remove("plain", Removal.Mode.FORCE))
        .withMessage("remove plain: volume is in use - [/keg/t/z/b]");
    assertThatExceptionOfType(InUse.class)
        .isThrownBy(() -> machine.volumes.rename("plain", "other"))
        .withMessageContaining("[/keg/t/z/b]");
    assertThat(pruned()).isEmpty();
    assertThat(machine.holders("plain")).containsExactly("/keg/t/z/b");
  }

  @Test
  void it_is_listed_where_it_is() throws IOException {
    mountAndMove();

    assertThat(listed()).extracting(Entry::target).containsExactly("/keg/t/z/b");
    assertThat(listed()).extracting(Entry::state).containsExactly(State.MOUNTED);
  }

  @Test
  void it_is_unmounted_by_its_new_place() throws IOException {
    mountAndMove();

    machine.sets.unmount("/keg/t/z/b", false);

    assertGone();
  }

  @Test
  void it_is_unmounted_by_its_old_place() throws IOException {
    mountAndMove();

    machine.sets.unmount("/keg/t/a/b", false);

    assertGone();
  }

  @Test
  void it_is_unmounted_by_its_volume() throws IOException {
    mountAndMove();

    machine.access.conceal("plain", false);

    assertGone();
  }

  private void assertGone() throws IOException {
    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.plans()).isEmpty();
    machine.volumes.remove("plain", Removal.Mode.NORMAL);
  }

  @Test
  void all_mounts_of_a_moved_container_are_unmounted() throws IOException {
    Files.createDirectories(path("/keg/srv/source"));
    machine.mount(
        WEB,
        new Wanted(
            List.of("plain:/data", "/keg/srv/source:/source"), List.of(), List.of("/memory")));
    machine.publisher.rename(path("/keg/r"), path("/keg/r2"));

    assertThatExceptionOfType(InUse.class)
        .isThrownBy(() -> machine.volumes.remove("plain", Removal.Mode.NORMAL))
        .withMessage("remove plain: volume is in use - [web1]");
    machine.sets.tearDown(WEB, false);

    assertGone();
  }

  @Test
  void what_somebody_else_mounted_at_its_old_place_stays() throws IOException {
    mountAndMove();
    Files.createDirectories(path("/keg/t/a/b"));
    machine.table.mount("/keg/t/a/b");

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.sets.unmount("/keg/t/a/b", false))
        .withMessage("unmount /keg/t/a/b: keg did not mount it");
    assertThat(listed()).extracting(Entry::target).containsExactly("/keg/t/z/b");
    machine.access.conceal("plain", false);

    assertGone();
    assertThat(machine.table.isMounted("/keg/t/a/b")).isTrue();
  }

  @Test
  void a_second_mount_at_its_old_place_is_another_one() throws IOException {
    mountAndMove();
    Files.createDirectories(path("/keg/t/a/b"));
    machine.mountByHand("plain:/keg/t/a/b");

    machine.sets.unmount("/keg/t/a/b", false);

    assertThat(listed()).extracting(Entry::target).containsExactly("/keg/t/z/b");
    machine.access.conceal("plain", false);
    assertGone();
  }

  @Test
  void a_volume_that_somebody_mounts_without_keg_is_not_removed() throws IOException {
    machine.table.bind(machine.data("plain").toString(), "/keg/own");

    assertThatExceptionOfType(ActiveMounts.class)
        .isThrownBy(() -> machine.volumes.remove("plain", Removal.Mode.NORMAL))
        .withMessage("remove plain: volume has active mounts - [/keg/own]");
    assertThat(pruned()).isEmpty();
  }

  @Test
  void a_volume_that_only_another_mount_namespace_shows_is_not_removed() {
    machine.table.bindElsewhere(machine.data("plain").toString(), "/data", 77);

    assertThatExceptionOfType(ActiveMounts.class)
        .isThrownBy(() -> machine.volumes.remove("plain", Removal.Mode.NORMAL))
        .withMessage("remove plain: volume has active mounts - [/data (seen by process 77)]");
    assertThat(pruned()).isEmpty();
  }

  @Test
  void a_volume_that_a_starting_container_shows_for_a_moment_is_removed() {
    machine.table.bindElsewhereForNow(machine.data("plain").toString(), "/data", 77);

    machine.volumes.remove("plain", Removal.Mode.NORMAL);

    assertThat(machine.registry.find(new VolumeName("plain"))).isEmpty();
  }

  @Test
  void a_volume_is_not_removed_because_one_look_missed_the_container_that_shows_it() {
    machine.table.bindElsewhere(machine.data("plain").toString(), "/data", 77);
    machine.table.missInNextLook();

    assertThatExceptionOfType(ActiveMounts.class)
        .isThrownBy(() -> machine.volumes.remove("plain", Removal.Mode.NORMAL));
  }

  @Test
  void a_file_system_that_is_mounted_only_elsewhere_is_not_mounted_a_second_time() {
    machine.table.bind(machine.data("disk").toString(), "/keg/own");

    assertThatExceptionOfType(VolumeException.class)
        .isThrownBy(() -> machine.mount(OTHER, Wanted.volumes("disk:/data")))
        .withMessage("mount disk: volume has active mounts - [/keg/own]");
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void a_moved_mount_of_an_older_version_is_reported_and_left() throws IOException {
    mountAndMove();
    Path plan = machine.registry.layout().containers().resolve(machine.plansOrNone().getFirst());
    Files.writeString(
        plan,
        Files.readString(plan)
            .replaceAll("\"device\":\"0:1\",", "")
            .replaceAll("\"id\":\\d+,", "")
            .replaceAll("\"root\":\"[^\"]*\",", "")
            .replaceAll(",\"unique\":\\d+", ""));

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.access.conceal("plain", false))
        .withMessage(
            "unmount /keg/t/a/b: it no longer exists; volume plain is mounted at"
                + " [/keg/t/z/b]");
    assertThat(machine.publisher.standing()).hasSize(1);

    machine.table.unmount("/keg/t/z/b");
    machine.access.conceal("plain", false);
    assertThat(machine.plans()).isEmpty();
  }
}
