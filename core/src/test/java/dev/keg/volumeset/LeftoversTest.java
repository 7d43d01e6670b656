package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.OTHER;
import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.keg.attachment.Attachment;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Machine.Wanted;
import dev.keg.volumeset.MountListing.Entry;
import dev.keg.volumeset.MountListing.Entry.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The remains of mounts after reboots, kills and on other machines: how they are listed and
 * removed.
 */
class LeftoversTest {
  private static final VolumeName DB = new VolumeName("db");

  private final Machine machine;
  private final Leftovers leftovers;

  LeftoversTest() throws IOException {
    machine = new Machine();
    leftovers = new Leftovers(machine.context, machine.sets);
  }

  private MountListing listing() {
    return MountListing.of(machine.context);
  }

  private Attachment.Mount hold(String target, boolean readOnly, String host, String boot) {
    var mount = new Attachment.Mount("", target, readOnly, false, Machine.NOW, host, boot);
    machine.attachments.add(DB, mount);
    return mount;
  }

  private void create(String driver) {
    machine.volumes.create(
        new VolumeRequest(DB, driver, Options.NONE, Labels.NONE, Ownership.DEFAULT));
  }

  @Test
  void after_a_reboot_each_record_is_forgotten_by_itself() throws IOException {
    Files.createDirectory(machine.rootfs.resolve("hand"));
    machine.mount(WEB, Wanted.volumes("db:/data", "/keg/srv/source:/src"));
    machine.mountByHand("other:/keg/r/hand");
    hold("/without/plan", false, machine.table.hostId(), machine.table.bootId());
    assertThat(leftovers.stale()).extracting(Entry::target).containsExactly("/without/plan");
    machine.publisher.reboot();

    List<Entry> stale = leftovers.stale();
    assertThat(stale)
        .extracting(Entry::target)
        .containsExactlyInAnyOrder("/keg/r/data", "/keg/r/src", "/keg/r/hand", "/without/plan");
    for (int left = stale.size(); left > 0; left--) {
      assertThat(leftovers.stale()).hasSize(left);
      leftovers.forget(stale.get(left - 1));
    }

    assertThat(leftovers.stale()).isEmpty();
    assertThat(machine.plans()).isEmpty();
    assertThat(machine.attachments.recorded(DB)).isEmpty();
    assertThat(machine.attachments.recorded(new VolumeName("other"))).isEmpty();
  }

  @Test
  void a_record_whose_mount_has_come_back_is_not_forgotten() {
    create("local");
    Attachment.Mount back = hold("/back", false, machine.table.hostId(), machine.table.bootId());
    Attachment.Mount gone = hold("/gone", false, machine.table.hostId(), machine.table.bootId());
    List<Entry> stale = leftovers.stale();
    assertThat(stale).hasSize(2);
    machine.table.mount("/back");

    leftovers.forget(stale.getFirst());
    assertThat(machine.attachments.recorded(DB)).containsExactlyInAnyOrder(back, gone);
    leftovers.forget(stale.getLast());
    assertThat(machine.attachments.recorded(DB)).containsExactly(back);
  }

  @Test
  void data_that_a_killed_command_left_mounted_is_unmounted_if_nobody_holds_it() {
    create("mounting");
    machine.table.mount(machine.data("db").toString());
    machine.table.mount("/held");
    Attachment.Mount holder = hold("/held", false, machine.table.hostId(), machine.table.bootId());

    leftovers.settle(DB);
    assertThat(machine.context.isMounted(machine.data("db"))).isTrue();
    machine.attachments.remove(DB, holder);
    leftovers.settle(DB);
    assertThat(machine.context.isMounted(machine.data("db"))).isFalse();
  }

  @Test
  void mounts_are_listed_with_where_they_are_and_whether_they_can_be_written_to() {
    create("local");
    String host = machine.table.hostId();
    String boot = machine.table.bootId();
    hold("/a", false, host, boot);
    hold("/b", true, host, boot);
    hold("/c", false, host, boot);
    hold("/d", false, "far", boot);
    hold("/e", false, host, "boot-9");
    hold("/f", false, host, boot);
    hold("/g", false, host, boot);
    List.of("/a", "/b", "/c", "/d", "/e", "/f").forEach(machine.table::mount);
    List.of("/c", "/d", "/e").forEach(machine.table::makeReadOnly);
    machine.table.move("/f", 42);

    assertThat(listing().entries())
        .extracting(Entry::target, Entry::readOnly, Entry::state)
        .containsExactlyInAnyOrder(
            tuple("/a", false, State.MOUNTED),
            tuple("/b", true, State.MOUNTED),
            tuple("/c", true, State.MOUNTED),
            tuple("/d", false, State.ELSEWHERE),
            tuple("/e", false, State.STALE),
            tuple("/f", false, State.ELSEWHERE),
            tuple("/g", false, State.STALE));
  }

  @Test
  void the_mounts_of_one_container_are_listed_alone() {
    machine.mount(WEB, Wanted.volumes("db:/a"));
    machine.mount(OTHER, Wanted.volumes("db:/b"));

    assertThat(listing().of(Optional.of("web2")))
        .extracting(Entry::target)
        .containsExactly("/keg/r/b");
    assertThat(listing().of(Optional.empty())).hasSize(2);
  }

  @Test
  void a_container_is_known_while_it_has_mounts() {
    assertThat(machine.sets.knows(WEB)).isFalse();
    machine.mount(OTHER, Wanted.volumes("db:/b"));
    assertThat(machine.sets.knows(WEB)).isFalse();
    assertThat(machine.sets.knows(OTHER)).isTrue();
    machine.sets.tearDown(OTHER, false);
    assertThat(machine.sets.knows(OTHER)).isFalse();
  }

  @Test
  void what_a_killed_command_left_goes_with_the_next_set_up() throws IOException {
    machine.mount(WEB, Wanted.volumes("kept:/kept"));
    machine.publisher.watch(
        call -> {
          if (call.equals("publish /keg/r/b")) {
            throw new AssertionError("killed");
          }
        });
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/b")));
    assertThat(machine.publisher.standing()).hasSize(2);
    machine.publisher.watch(_ -> {});

    machine.mount(WEB, Wanted.volumes("c1:/c"));

    assertThat(machine.publisher.standing())
        .containsExactly(
            "/keg/lib/volumes/c1/_data rw on /keg/r/c",
            "/keg/lib/volumes/kept/_data rw on /keg/r/kept");
    assertThat(machine.holders("a1")).isEmpty();
    assertThat(machine.attachments.recorded(new VolumeName("b1"))).isEmpty();
  }

  @Test
  void the_mounts_of_a_container_on_another_machine_are_left_to_it() throws IOException {
    machine.mount(WEB, Wanted.volumes("db:/data"));
    Path plan = machine.registry.layout().containers().resolve("web1.json");
    Files.writeString(plan, Files.readString(plan).replace("this-host", "that-host"));

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("other:/other")))
        .withMessage("mount web1: it is mounted on another machine: that-host");
    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.sets.tearDown(WEB, false))
        .withMessage("unmount web1: it is mounted on another machine: that-host");
    assertThat(machine.publisher.standing()).hasSize(1);
    assertThat(listing().entries()).extracting(Entry::state).containsExactly(State.ELSEWHERE);
  }
}
