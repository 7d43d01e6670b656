package dev.keg.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.attachment.AttachmentHistory.Past;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.BackupException.HalfRestored;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.AttachRefused;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.error.HolderException.NotAttached;
import dev.keg.error.InvalidInput.InvalidMachine;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.file.WindowsNaming;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.journal.RestoreJournal.Phase;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.volume.VolumeStatus;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MachinesTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:55Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final VolumeName DB = new VolumeName("db");
  private static final MachineId VM1 = new MachineId("vm1");

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final RegistryLayout layout = new RegistryLayout(files.getPath("/keg"));
  private final VolumeRegistry registry =
      new VolumeRegistry(
          layout,
          new WindowsNaming(DirectorySync.NONE, true, false),
          new SplittableRandom(1),
          _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(files::getPath);
  private final Attachments attachments = new Attachments(registry, () -> mounts);
  private final Drivers drivers =
      new Drivers(
          List.of(LocalDriver.directoriesOnly(), new DiskDriver().factory()),
          new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
  private final Services services =
      new Services(registry, attachments, drivers, CLOCK, Secrets.NONE);
  private final Machines machines = new Machines(services);
  private final Volumes volumes = new Volumes(services);
  private final FakeRunning running = new FakeRunning();

  @BeforeEach
  void volumes() {
    for (String name : List.of("db", "www", "logs")) {
      create(name, "disk", Map.of());
    }
  }

  private void create(String name, String driver, Map<String, String> options) {
    volumes.create(
        new VolumeRequest(
            new VolumeName(name), driver, Options.of(options), Labels.NONE, Ownership.DEFAULT));
  }

  /** A running machine that fails on request. */
  private static final class FakeRunning implements RunningMachine {
    final List<String> calls = new ArrayList<>();
    final List<Plug> plugs = new ArrayList<>();
    boolean fails;
    boolean lacks = true;

    private void call(String what, Plug plug) {
      calls.add(what + " " + plug.drive() + (plug.readOnly() ? " ro" : ""));
      plugs.add(plug);
      if (fails) {
        throw new MachineFailed("attach", plug.volume().text(), "told to fail", null, null);
      }
    }

    @Override
    public void plug(Plug plug) {
      call("plug", plug);
    }

    @Override
    public void unplug(Plug plug) {
      call("unplug", plug);
    }

    @Override
    public boolean lacks(Plug plug) {
      return lacks;
    }
  }

  private static AttachRequest request(String volume, String machine, boolean readOnly) {
    return new AttachRequest(volume, new MachineId(machine), Optional.empty(), readOnly);
  }

  private static AttachRequest request(String volume, String machine, String drive) {
    return new AttachRequest(
        volume, new MachineId(machine), Optional.of(new DriveId(drive)), false);
  }

  private String attach(String volume, String machine) {
    return attach(request(volume, machine, false));
  }

  private String attach(AttachRequest request) {
    return machines.attach(request, Optional.empty()).drive();
  }

  private void detach(String volume) {
    var _ = machines.detach(volume, VM1, Optional.empty());
  }

  private List<String> disks(String machine) {
    return machines.disks(new MachineId(machine)).stream()
        .map(held -> held.volume() + " " + held.attachment().drive())
        .toList();
  }

  @Test
  void disks_are_named_in_their_order() {
    assertThat(attach("www", "vm1")).isEqualTo("vda");
    assertThat(attach("db", "vm1")).isEqualTo("vdb");
    assertThat(attach("logs", "vm2")).isEqualTo("vda");
    assertThat(disks("vm1")).containsExactly("www vda", "db vdb");
    assertThat(disks("vm2")).containsExactly("logs vda");
    assertThat(disks("vm3")).isEmpty();
  }

  @Test
  void a_machine_whose_list_windows_cannot_keep_is_refused() {
    assertThatThrownBy(() -> attach("www", "nul"))
        .isInstanceOf(InvalidMachine.class)
        .hasMessage("invalid machine name: 'nul': Windows reserves this name for a device");
    assertThat(disks("nul")).isEmpty();
  }

  @Test
  void the_name_of_a_disk_that_was_taken_out_is_free() {
    attach("www", "vm1");
    attach("db", "vm1");
    detach("www");

    assertThat(attach(request("logs", "vm1", "vda"))).isEqualTo("vda");
    assertThat(disks("vm1")).containsExactly("db vdb", "logs vda");
  }

  @Test
  void a_drive_is_one_disk() {
    attach(request("www", "vm1", "vdb"));

    assertThatThrownBy(() -> attach(request("db", "vm1", "vdb")))
        .isInstanceOf(AttachRefused.class)
        .hasMessage("attach db: vdb of vm1 is volume www");
    assertThat(attach("db", "vm1")).isEqualTo("vdc");
  }

  @Test
  void a_machine_has_a_volume_once() {
    attach("db", "vm1");

    assertThatThrownBy(() -> attach("db", "vm1"))
        .isInstanceOf(AttachRefused.class)
        .hasMessage("attach db: it is already attached to vm1, as vda");
  }

  @Test
  void one_machine_writes_or_any_number_read() {
    attach(request("db", "vm1", true));
    attach(request("db", "vm2", true));
    attach("www", "vm1");

    assertThatThrownBy(() -> attach("db", "vm3"))
        .isInstanceOf(InUse.class)
        .hasMessage("attach db: volume is in use - [vm1, vm2]");
    assertThatThrownBy(() -> attach("www", "vm2")).isInstanceOf(InUse.class);
    assertThatThrownBy(() -> attach(request("www", "vm2", true)))
        .isInstanceOf(InUse.class)
        .satisfies(
            e ->
                assertThat(((VolumeException) e).hint())
                    .contains("release it first: keg detach www vm1"));
    assertThat(disks("vm2")).containsExactly("db vda");
  }

  @Test
  void what_is_mounted_is_not_given_to_a_writer() {
    attachments.add(
        DB,
        new Attachment.Mount("web", "/mnt", true, false, NOW, mounts.hostId(), mounts.bootId()));
    mounts.mount("/mnt");

    assertThatThrownBy(() -> attach("db", "vm1"))
        .isInstanceOf(InUse.class)
        .hasMessage("attach db: volume is in use - [web]");
    assertThat(attach(request("db", "vm1", true))).isEqualTo("vda");
  }

  @Test
  void what_a_killed_mount_left_is_not_given_away() {
    mounts.mount("/keg/volumes/db/_data");

    assertThatThrownBy(() -> attach("db", "vm1")).isInstanceOf(ActiveMounts.class);
  }

  @Test
  void attaching_a_disk_is_undone_if_others_are_built_on_it_meanwhile() {
    create("late", "disk", Map.of("base", "soon"));

    assertThatThrownBy(() -> machines.attach(request("late", "vm1", false), Optional.of(running)))
        .isInstanceOf(AttachRefused.class)
        .hasMessageStartingWith(
            "attach late: its disk is read-only: other volumes are built on it");
    assertThat(running.calls).isEmpty();
    assertThat(attachments.recorded(new VolumeName("late"))).isEmpty();
    assertThat(machines.disks(VM1)).isEmpty();
    assertThat(attach(request("late", "vm1", true))).isEqualTo("vda");
  }

  @Test
  void a_disk_that_others_are_built_on_is_read_only() {
    create("base", "disk", Map.of("base", "true"));

    assertThatThrownBy(() -> attach("base", "vm1"))
        .hasMessageStartingWith(
            "attach base: its disk is read-only: other volumes are built on it");
    assertThat(attach(request("base", "vm1", true))).isEqualTo("vda");
  }

  private int slot(String volume, Optional<String> drive) {
    AttachRequest request = new AttachRequest(volume, VM1, drive.map(DriveId::new), false);
    return machines.attach(request, Optional.empty()).placement().orElseThrow().slot();
  }

  @Test
  void no_two_disks_of_a_machine_have_one_slot() {
    create("more", "disk", Map.of());
    create("last", "disk", Map.of());

    assertThat(slot("db", Optional.of("data"))).isEqualTo(1);
    assertThat(slot("www", Optional.of("logs"))).isEqualTo(2);
    assertThat(slot("logs", Optional.of("vdb"))).isEqualTo(3);
    assertThat(slot("more", Optional.of("vda"))).isZero();
    assertThat(slot("last", Optional.of("vdzz"))).isEqualTo(4);
  }

  @Test
  void the_first_slot_is_left_to_the_machines_own_disk_unless_it_is_asked_for() {
    assertThat(slot("db", Optional.empty())).isEqualTo(1);
    assertThat(slot("www", Optional.empty())).isEqualTo(2);
    assertThat(slot("logs", Optional.of("vdz"))).isEqualTo(25);
  }

  @Test
  void a_disk_keeps_its_slot_when_others_go() {
    int _ = slot("db", Optional.of("data"));
    int _ = slot("www", Optional.of("logs"));
    detach("db");

    machines.detach("www", VM1, Optional.of(running));

    assertThat(running.plugs).extracting(Plug::slot).containsExactly(2);
  }

  @Test
  void a_machine_is_told_which_files_it_reads_and_which_for_this_disk_alone() throws IOException {
    Path base = Files.createFile(files.getPath("/base.vhdx"));
    Path sameBase = Files.createLink(files.getPath("/base-too.vhdx"), base);
    create("child", "disk", Map.of("on", base.toString()));
    create("sibling", "disk", Map.of("on", sameBase.toString()));
    machines.attach(request("sibling", "vm1", false), Optional.empty());

    machines.attach(request("child", "vm1", false), Optional.of(running));
    detach("sibling");
    machines.detach("child", VM1, Optional.of(running));

    Path own = layout.home(new VolumeName("child")).file("disk.qcow2");
    assertThat(running.plugs).extracting(Plug::files).containsOnly(List.of(own, base));
    assertThat(running.plugs)
        .extracting(Plug::unshared)
        .containsExactly(List.of(own), List.of(own, base));
  }

  @Test
  void a_directory_is_not_a_disk() {
    create("plain", "local", Map.of());

    assertThatThrownBy(() -> attach("plain", "vm1"))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("driver 'local' provides a directory, not a disk");
    assertThatThrownBy(() -> attach("nosuch", "vm1"))
        .isInstanceOf(NotFound.class)
        .hasMessage("attach nosuch: no such volume");
  }

  @Test
  void an_attached_volume_is_neither_removed_nor_renamed() {
    attach("db", "vm1");

    assertThat(volumes.inspect("db").overview().status()).isEqualTo(VolumeStatus.ATTACHED);
    for (Removal.Mode mode : Removal.Mode.values()) {
      assertThatThrownBy(() -> volumes.remove("db", mode)).isInstanceOf(InUse.class);
    }
    assertThatThrownBy(() -> volumes.rename("db", "db2")).isInstanceOf(InUse.class);
  }

  @Test
  void earlier_holders_are_remembered() {
    attach("db", "vm1");
    detach("db");
    attach("db", "vm2");

    var inspection = volumes.inspect("db");
    assertThat(inspection.history())
        .containsExactly(new Past(new Attachment.Disk("vm1", "vda", false, NOW), NOW));
    assertThat(inspection.holders()).extracting(Attachment::holder).containsExactly("vm2");
    assertThatThrownBy(() -> detach("db"))
        .isInstanceOf(NotAttached.class)
        .hasMessage("detach db: vm1 does not have it");
  }

  @Test
  void the_oldest_of_the_past_is_forgotten() {
    for (int i = 0; i < 40; i++) {
      var id = new MachineId("vm" + i);
      attach("db", id.text());
      var _ = machines.detach("db", id, Optional.empty());
    }

    assertThat(volumes.inspect("db").history())
        .extracting(past -> past.disk().machine())
        .hasSize(32)
        .endsWith("vm39");
  }

  @Test
  void a_machine_that_runs_is_given_the_disk() {
    machines.attach(request("db", "vm1", true), Optional.of(running));
    machines.detach("db", VM1, Optional.of(running));

    assertThat(running.calls).containsExactly("plug vda ro", "unplug vda ro");
    assertThat(disks("vm1")).isEmpty();
  }

  @Test
  void a_disk_that_could_not_be_plugged_in_is_nobodys() {
    running.fails = true;

    assertThatThrownBy(() -> machines.attach(request("db", "vm1", false), Optional.of(running)))
        .isInstanceOf(MachineFailed.class);
    assertThat(disks("vm1")).isEmpty();
    assertThat(attachments.recorded(DB)).isEmpty();
    assertThat(layout.machines().resolve("vm1.json")).doesNotExist();
  }

  @Test
  void as_long_as_a_machine_may_have_a_disk_nobody_else_gets_it() {
    running.fails = true;
    running.lacks = false;

    assertThatThrownBy(() -> machines.attach(request("db", "vm1", false), Optional.of(running)))
        .isInstanceOf(MachineFailed.class)
        .satisfies(
            e ->
                assertThat(e.getSuppressed()[0])
                    .hasMessageContaining("vm1 may still have it, so it stays attached"));
    assertThatThrownBy(() -> attach("db", "vm2")).isInstanceOf(InUse.class);
  }

  @Test
  void what_a_killed_attach_did_not_plug_in_is_plugged_in_by_the_next() {
    attach("db", "vm1");

    assertThat(machines.attach(request("db", "vm1", false), Optional.of(running)).drive())
        .isEqualTo("vda");
    assertThat(running.calls).containsExactly("plug vda");
    assertThatThrownBy(() -> machines.attach(request("db", "vm1", true), Optional.of(running)))
        .isInstanceOf(AttachRefused.class);
  }

  @Test
  void a_disk_that_cannot_be_taken_out_stays_attached() {
    attach("db", "vm1");
    running.fails = true;

    assertThatThrownBy(() -> machines.detach("db", VM1, Optional.of(running)))
        .isInstanceOf(MachineFailed.class);
    assertThat(disks("vm1")).containsExactly("db vda");
  }

  @Test
  void a_machine_file_that_lists_a_volume_too_many_is_harmless() throws IOException {
    attach("db", "vm1");
    Path file = layout.machines().resolve("vm1.json");
    Files.writeString(file, "{\"schema\":1,\"volumes\":[\"gone\",\"www\",\"db\"]}\n");

    assertThat(disks("vm1")).containsExactly("db vda");
    assertThat(attach("logs", "vm1")).isEqualTo("vdb");
    assertThat(Files.readString(file)).isEqualTo("{\"schema\":1,\"volumes\":[\"db\",\"logs\"]}\n");
  }

  @Test
  void a_detach_that_was_killed_halfway_is_completed() throws IOException {
    attach("db", "vm1");
    Path file = layout.machines().resolve("vm1.json");
    byte[] before = Files.readAllBytes(file);
    detach("db");
    Files.write(file, before);

    assertThat(machines.detach("db", VM1, Optional.empty()).drive()).isEqualTo("vda");
    assertThat(file).doesNotExist();
    assertThatThrownBy(() -> detach("db")).isInstanceOf(NotAttached.class);
  }

  @Test
  void an_attach_that_was_killed_halfway_leaves_nothing_to_detach() throws IOException {
    attach("db", "vm1");
    Path file = layout.machines().resolve("vm1.json");
    Files.writeString(file, "{\"schema\":1,\"volumes\":[\"db\",\"www\"]}\n");

    assertThatThrownBy(() -> machines.detach("www", VM1, Optional.empty()))
        .isInstanceOf(NotAttached.class);
    assertThat(file).content().isEqualTo("{\"schema\":1,\"volumes\":[\"db\"]}\n");
  }

  @Test
  void a_damaged_machine_is_reported() throws IOException {
    attach("db", "vm1");
    Files.writeString(layout.machines().resolve("vm1.json"), "{\"schema\":1,\"volumes\":[\"/\"]}");

    assertThatThrownBy(() -> disks("vm1"))
        .isInstanceOf(Damaged.class)
        .hasMessageContaining("'/' is not a valid volume name");
  }

  @Test
  void a_disk_that_a_killed_restore_left_between_old_and_new_is_not_attached() {
    new RestoreJournal(
            RegistryLayout.restoreJournal(layout.home(new VolumeName("db"))), DirectorySync.NONE)
        .write(Phase.MOVING_IN, 1);

    assertThatThrownBy(() -> attach("db", "vm1")).isInstanceOf(HalfRestored.class);
    assertThat(disks("vm1")).isEmpty();
    assertThat(attachments.recorded(new VolumeName("db"))).isEmpty();
  }
}
