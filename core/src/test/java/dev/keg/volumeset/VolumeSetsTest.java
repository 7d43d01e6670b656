package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.OTHER;
import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.attachment.Attachment;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.error.RegistryException.NameTaken;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.SnapshotException.NoSuchSnapshot;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.LocalHost;
import dev.keg.mountspec.MountConfig;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.PathStyle;
import dev.keg.mountspec.WantedVolume;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Machine.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeSetsTest {
  private final Machine machine;

  VolumeSetsTest() throws IOException {
    machine = new Machine();
  }

  private static Attachment.Disk disk(boolean readOnly) {
    return new Attachment.Disk("vm1", "vda", readOnly, Machine.NOW);
  }

  @Test
  void every_kind_of_mount_is_published_below_the_root_directory() {
    List<String> sites =
        machine.mount(
            WEB,
            new Wanted(
                List.of("db:/data", "/keg/srv/source:/src:ro"),
                List.of("type=volume,src=logs,dst=/logs,volume-subpath=a/b"),
                List.of("/run:size=1m")));

    assertThat(sites).containsExactly("/keg/r/data", "/keg/r/src", "/keg/r/logs", "/keg/r/run");
    assertThat(machine.publisher.standing())
        .containsExactly(
            "/keg/lib/volumes/db/_data rw on /keg/r/data",
            "/keg/lib/volumes/logs/_data/a/b rw on /keg/r/logs",
            "/keg/srv/source ro on /keg/r/src",
            "tmpfs[size=1m] rw on /keg/r/run");
  }

  @Test
  void a_snapshot_is_published_to_be_read() throws IOException {
    machine.keep("db", "night");

    machine.mount(WEB, Wanted.volumes("db@night:/old", "db:/data"));

    assertThat(machine.publisher.standing())
        .containsExactly(
            "/keg/lib/volumes/db/_data rw on /keg/r/data",
            "/keg/lib/volumes/db/snapshots/night/_data ro on /keg/r/old");
    assertThat(machine.holders("db")).containsExactly("web1");
    machine.sets.tearDown(WEB, false);
    assertThat(machine.publisher.standing()).isEmpty();
  }

  @Test
  void a_snapshot_that_only_its_driver_can_show_is_attached_and_let_go() throws IOException {
    var request =
        new VolumeRequest(
            new VolumeName("img"), "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT);
    machine.volumes.create(request);
    machine.keep("img", "night");

    machine.mount(WEB, Wanted.volumes("img@night:/old"));

    assertThat(machine.publisher.standing()).containsExactly("/shown/night ro on /keg/r/old");
    assertThat(machine.mounting.shown).isZero();
  }

  @Test
  void each_snapshot_is_let_go_though_another_is_not_and_nothing_stays_mounted()
      throws IOException {
    machine.volumes.create(
        new VolumeRequest(
            new VolumeName("img"), "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    machine.keep("img", "night");
    machine.keep("img", "noon");
    machine.mounting.showingFails = true;

    assertThatExceptionOfType(DriverFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("img@night:/old", "img@noon:/new")));

    assertThat(machine.mounting.shown).isZero();
    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.plans()).isEmpty();
  }

  @Test
  void a_volume_that_must_exist_is_not_created() {
    MountConfig wanted =
        new MountConfig("volume", "db", "/data", false)
            .with(new MountConfig.VolumePart(true, "", MountConfig.Creation.NEVER));
    MountSpecs specs = new MountSpecs(PathStyle.LINUX, new LocalHost(machine.files));
    var request =
        new SetUpRequest(WEB, machine.rootfs, List.of(specs.structured(wanted)), false, false);

    assertThatExceptionOfType(NotFound.class).isThrownBy(() -> machine.sets.setUp(request));

    assertThat(machine.volumes.exists("db")).isFalse();
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    assertThat(machine.sets.setUp(request)).hasSize(1);
  }

  @Test
  void without_the_snapshot_no_volume_is_made() throws IOException {
    machine.keep("db", "night");

    assertThatExceptionOfType(NoSuchSnapshot.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("other:/data", "db@morning:/old")));
    assertThat(machine.registry.names()).containsExactly(new VolumeName("db"));
    assertThat(machine.plans()).isEmpty();
  }

  @Test
  void parents_are_mounted_before_children_and_unmounted_after_them() {
    machine.mount(WEB, Wanted.volumes("c1:/a/b/c", "a1:/a", "b1:/a/b"));
    machine.sets.tearDown(WEB, false);

    assertThat(machine.publisher.calls())
        .filteredOn(call -> call.startsWith("publish") || call.startsWith("withdraw"))
        .containsExactly(
            "publish /keg/r/a",
            "publish /keg/r/a/b",
            "publish /keg/r/a/b/c",
            "withdraw /keg/r/a/b/c",
            "withdraw /keg/r/a/b",
            "withdraw /keg/r/a");
  }

  @Test
  void a_missing_volume_is_made_with_the_specs_driver_options_and_labels() {
    machine.mount(
        WEB,
        new Wanted(
            List.of(),
            List.of("src=db,dst=/x,volume-driver=mounting,volume-opt=size=1m,volume-label=a=b"),
            List.of()));

    var volume = machine.registry.find(new VolumeName("db")).orElseThrow();
    assertThat(volume.driver()).isEqualTo("mounting");
    assertThat(volume.options().map()).isEqualTo(Map.of("size", "1m"));
    assertThat(volume.labels().map()).isEqualTo(Map.of("a", "b"));
  }

  @Test
  void an_anonymous_volume_is_made_under_a_name_of_its_own() {
    machine.mount(WEB, Wanted.volumes("/data"));

    assertThat(machine.registry.names()).hasSize(1);
    VolumeName name = machine.registry.names().getFirst();
    assertThat(machine.registry.find(name).orElseThrow().anonymous()).isTrue();
    assertThat(machine.holders(name.text())).containsExactly("web1");
  }

  @Test
  void a_volume_of_another_driver_is_a_conflict() {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));

    assertThatExceptionOfType(NameTaken.class)
        .isThrownBy(
            () ->
                machine.mount(
                    WEB,
                    new Wanted(
                        List.of(), List.of("src=db,dst=/x,volume-driver=mounting"), List.of())));
  }

  @Test
  void an_external_volume_has_to_be_there() throws IOException {
    WantedVolume external =
        new WantedVolume(new VolumeName("db"), null, Options.NONE, Labels.NONE, true);
    SetUpRequest request =
        new SetUpRequest(
            WEB,
            machine.rootfs,
            List.of(new MountSpec.Named(external, "", "/data", Access.DEFAULT, true)),
            false,
            false);

    assertThatExceptionOfType(NotFound.class)
        .isThrownBy(() -> machine.sets.setUp(request))
        .withMessage("mount db: no such volume");
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    assertThat(machine.sets.setUp(request)).hasSize(1);
  }

  @Test
  void a_container_whose_plan_windows_cannot_keep_is_refused() {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> machine.mount(new ContainerId("con"), Wanted.volumes("db:/data")))
        .withMessage("Invalid container name (con): Windows reserves this name for a device");
    assertThat(machine.registry.names()).isEmpty();
  }

  @Test
  void the_plan_is_on_disk_before_the_first_mount() {
    List<List<String>> plans = new ArrayList<>();
    machine.publisher.watch(_ -> plans.add(plansNow()));

    machine.mount(WEB, Wanted.volumes("db:/data"));

    assertThat(plans).isNotEmpty().allMatch(names -> names.equals(List.of("web1.json")));
  }

  private List<String> plansNow() {
    try {
      return machine.plans();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_mounted_volume_is_in_use_until_it_is_unmounted() {
    machine.mount(WEB, Wanted.volumes("db:/data"));

    assertThatExceptionOfType(InUse.class)
        .isThrownBy(() -> machine.volumes.remove("db", Removal.Mode.NORMAL))
        .withMessage("remove db: volume is in use - [web1]");
    machine.sets.tearDown(WEB, false);
    machine.volumes.remove("db", Removal.Mode.NORMAL);
    assertThat(machine.registry.names()).isEmpty();
  }

  @Test
  void a_volume_mounted_in_another_mount_namespace_is_in_use_too() {
    machine.mount(WEB, Wanted.volumes("db:/data"));
    machine.table.move("/keg/r/data", 4711);

    assertThatExceptionOfType(InUse.class)
        .isThrownBy(() -> machine.volumes.remove("db", Removal.Mode.NORMAL))
        .withMessage("remove db: volume is in use - [web1]");
    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.sets.tearDown(WEB, false))
        .withMessage("unmount /keg/r/data: process 4711 has it mounted in its own mount namespace");
    assertThat(MountListing.of(machine.context).entries())
        .extracting(MountListing.Entry::state)
        .containsExactly(MountListing.Entry.State.ELSEWHERE);
  }

  @Test
  void a_mount_is_listed_read_only_if_the_driver_made_it_so() {
    machine.mount(WEB, Wanted.volumes("db:/data"));
    assertThat(MountListing.of(machine.context).entries())
        .extracting(MountListing.Entry::readOnly)
        .containsExactly(false);

    machine.table.makeReadOnly("/keg/r/data");

    assertThat(MountListing.of(machine.context).entries())
        .extracting(MountListing.Entry::readOnly)
        .containsExactly(true);
  }

  @Test
  void the_driver_takes_the_volume_down_after_the_last_holder() {
    Wanted wanted =
        new Wanted(List.of(), List.of("src=db,dst=/x,volume-driver=mounting"), List.of());
    Wanted again = new Wanted(List.of(), List.of("src=db,dst=/y"), List.of());
    machine.mount(WEB, wanted);
    machine.mount(OTHER, again);
    assertThat(machine.holders("db")).containsExactlyInAnyOrder("web1", "web2");

    machine.sets.tearDown(WEB, false);
    assertThat(machine.context.isMounted(machine.data("db"))).isTrue();
    machine.sets.tearDown(OTHER, false);
    assertThat(machine.context.isMounted(machine.data("db"))).isFalse();
  }

  @Test
  void taking_down_leaves_nothing_and_a_second_time_is_fine() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    Map<String, Object> before = machine.state();
    machine.mount(WEB, Wanted.volumes("db:/data/deep", "/keg/srv/source:/src"));

    machine.sets.tearDown(WEB, false);
    machine.sets.tearDown(WEB, false);

    assertThat(machine.state()).isEqualTo(before);
  }

  @Test
  void directories_of_the_container_stay_and_those_in_use_too() throws IOException {
    Files.createDirectory(machine.rootfs.resolve("data"));
    machine.mount(WEB, Wanted.volumes("db:/data", "db2:/made"));
    Files.createFile(machine.rootfs.resolve("made/file"));

    machine.sets.tearDown(WEB, false);

    assertThat(machine.rootfs.resolve("data")).isDirectory();
    assertThat(machine.rootfs.resolve("made/file")).isRegularFile();
  }

  @Test
  void a_target_in_the_host_is_made_only_if_asked() {
    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mountByHand("db:/mnt/data"))
        .withMessage("mount /mnt/data: no such file or directory");
    assertThat(machine.plansOrNone()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/keg",
        "/keg/lib",
        "/keg/lib/volumes",
        "/keg/lib/volumes/db",
        "/keg/lib/volumes/db/_data",
        "/keg/lib/containers"
      })
  void a_target_that_would_hide_kegs_own_files_is_refused(String target) {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mountByHand("other:" + target))
        .withMessage("mount %s: it would hide Keg's files in /keg/lib", target);
    assertThat(machine.publisher.standing()).isEmpty();
  }

  @Test
  void a_directory_in_a_volume_can_be_a_target() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    Files.createDirectory(machine.data("db").resolve("logs"));

    machine.mountByHand("logs:" + machine.data("db").resolve("logs"));

    assertThat(machine.publisher.standing()).hasSize(1);
  }

  @Test
  void what_is_mounted_on_a_target_already_is_refused_and_stays() throws IOException {
    Files.createDirectory(machine.rootfs.resolve("b"));
    machine.table.mount("/keg/r/b");

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/b")))
        .withMessage("mount /b: something is already mounted there: /keg/r/b");
    assertThat(machine.context.isMounted(machine.rootfs.resolve("b"))).isTrue();
    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.plans()).isEmpty();
  }

  @Test
  void a_mount_that_appears_on_a_later_target_meanwhile_is_not_taken_for_ours() {
    machine.publisher.watch(
        call -> {
          if (call.equals("publish /keg/r/a")) {
            machine.table.mount("/keg/r/b");
          }
        });

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/b")));
    assertThat(machine.context.isMounted(machine.rootfs.resolve("b"))).isTrue();
    assertThat(machine.publisher.standing()).isEmpty();
  }

  @Test
  void out_of_sight_goes_first_what_others_are_mounted_in() {
    machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/a/b"));
    machine.publisher.calls().clear();

    machine.sets.tearDown(WEB, true);

    assertThat(machine.publisher.calls())
        .startsWith("withdraw /keg/r/a lazily", "withdraw /keg/r/a/b lazily");
    assertThat(machine.publisher.standing()).isEmpty();
  }

  @Test
  void where_a_path_leads_is_not_asked_if_it_is_in_the_mount_table() throws IOException {
    Files.createDirectory(machine.rootfs.resolve("srv"));
    machine.mountByHand("db:/keg/r/srv");
    machine.publisher.resolved.clear();

    machine.sets.unmount("/keg/r/srv", false);

    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.publisher.resolved).isEmpty();
  }

  @Test
  void a_container_can_get_more_mounts_later() throws IOException {
    machine.mount(WEB, Wanted.volumes("a1:/a"));
    machine.mount(WEB, Wanted.volumes("b1:/b"));
    assertThat(machine.publisher.standing()).hasSize(2);

    machine.sets.tearDown(WEB, false);
    assertThat(machine.publisher.standing()).isEmpty();
  }

  @Test
  void a_failure_while_adding_leaves_the_earlier_mounts() throws IOException {
    machine.mount(WEB, Wanted.volumes("a1:/a"));
    Map<String, Object> before = machine.state();
    machine.publisher.faults().failAt(2);

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("a1:/b")));

    assertThat(machine.state()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "rw,false,rw,false,true", "rw,true,rw,false,false", "rw,false,rw,true,false",
    "ro,false,rw,true,true", "rw,true,ro,false,true", "ro,true,rw,false,false",
    "ro,true,ro,true,true"
  })
  void exclusive_means_the_only_writer(
      String firstMode, boolean firstExclusive, String mode, boolean exclusive, boolean allowed) {
    machine.mount(WEB, firstExclusive, Wanted.volumes("db:/a:" + firstMode));

    if (allowed) {
      machine.mount(OTHER, exclusive, Wanted.volumes("db:/b:" + mode));
      assertThat(machine.holders("db")).hasSize(2);
    } else {
      assertThatExceptionOfType(InUse.class)
          .isThrownBy(() -> machine.mount(OTHER, exclusive, Wanted.volumes("db:/b:" + mode)))
          .withMessage("mount db: volume is in use - [web1]");
      assertThat(machine.holders("db")).containsExactly("web1");
    }
  }

  @ParameterizedTest
  @CsvSource({"false,rw,false", "false,ro,false", "true,rw,false", "true,ro,true"})
  void a_disk_of_a_machine_is_shared_among_readers_only(
      boolean diskReadOnly, String mode, boolean allowed) {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    machine.attachments.add(new VolumeName("db"), disk(diskReadOnly));

    if (allowed) {
      assertThat(machine.mount(WEB, Wanted.volumes("db:/a:" + mode))).hasSize(1);
    } else {
      assertThatExceptionOfType(InUse.class)
          .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("db:/a:" + mode)))
          .withMessage("mount db: volume is in use - [vm1]");
    }
  }

  @Test
  void after_a_reboot_records_count_as_gone() throws IOException {
    machine.mount(
        WEB, new Wanted(List.of(), List.of("src=db,dst=/x,volume-driver=mounting"), List.of()));
    machine.publisher.reboot();
    assertThat(machine.holders("db")).isEmpty();

    machine.mount(OTHER, Wanted.volumes("db:/y"));
    machine.sets.tearDown(WEB, false);

    assertThat(machine.publisher.standing())
        .containsExactly("/keg/lib/volumes/db/_data rw on /keg/r/y");
    assertThat(machine.plans()).containsExactly("web2.json");
    assertThat(machine.attachments.recorded(new VolumeName("db"))).hasSize(1);
  }

  @Test
  void after_a_reboot_a_container_is_set_up_again() throws IOException {
    machine.mount(WEB, Wanted.volumes("db:/x"));
    machine.publisher.reboot();

    machine.mount(WEB, Wanted.volumes("db:/x"));

    assertThat(machine.publisher.standing()).hasSize(1);
    assertThat(machine.holders("db")).containsExactly("web1");
  }

  @Test
  void after_a_reboot_what_others_mounted_on_a_target_stays() {
    machine.mount(WEB, Wanted.volumes("db:/x"));
    machine.publisher.reboot();
    machine.table.mount("/keg/r/x");

    machine.sets.tearDown(WEB, false);

    assertThat(machine.context.isMounted(machine.rootfs.resolve("x"))).isTrue();
  }

  @Test
  void what_cannot_be_unmounted_stays_in_the_plan() throws IOException {
    machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/b"));
    machine.table.mount("/keg/r/a/foreign");
    machine.publisher.faults().failAt(2);

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.sets.tearDown(WEB, false));
    assertThat(machine.plans()).containsExactly("web1.json");

    machine.publisher.faults().heal();
    machine.sets.tearDown(WEB, false);
    assertThat(machine.plans()).isEmpty();
    assertThat(machine.publisher.standing()).isEmpty();
  }

  @Test
  void a_mount_of_ours_below_keeps_the_mount_above_it() throws IOException {
    machine.mount(WEB, Wanted.volumes("a1:/a"));
    machine.mount(OTHER, Wanted.volumes("b1:/a/b"));

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.sets.tearDown(WEB, false))
        .withMessage("unmount /keg/r/a: something else is mounted below it: /keg/r/a/b");
    assertThat(machine.publisher.standing()).hasSize(2);

    machine.sets.tearDown(OTHER, false);
    machine.sets.tearDown(WEB, false);
    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.plans()).isEmpty();
  }

  @Test
  void what_cannot_be_unmounted_keeps_those_that_it_stands_in() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("a1")));
    machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/a/b"));
    machine.publisher.faults().failAt(1);

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.sets.tearDown(WEB, false))
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    assertThat(machine.publisher.standing()).hasSize(2);

    machine.publisher.faults().heal();
    machine.sets.tearDown(WEB, false);
    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.plans()).isEmpty();
  }

  /** Another container may be about to mount on it. */
  @Test
  void a_directory_that_was_made_in_a_volume_stays_there() throws IOException {
    machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/a/b"));

    machine.sets.tearDown(WEB, false);

    assertThat(machine.publisher.calls())
        .contains("unmake [/keg/r/a]")
        .noneMatch(call -> call.startsWith("unmake") && call.contains("/keg/r/a/b"));
  }

  @Test
  void a_failure_and_the_failure_of_undoing_it_are_both_reported() {
    machine.publisher.watch(
        call -> {
          if (call.startsWith("withdraw")) {
            throw new MountFailed("unmount", "/keg/r/a", "device or resource busy", null);
          }
        });
    machine.publisher.faults().failAt(4);

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/b")))
        .withMessage("mount /keg/r/b: told to fail")
        .satisfies(
            e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("device or resource busy"));
  }

  @Test
  void volumes_that_were_made_go_with_a_set_up_that_failed() {
    machine.publisher.faults().failAt(3);

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("/a", "named:/b")));

    assertThat(machine.registry.names()).isEmpty();
  }

  @Test
  void a_volume_that_was_made_and_has_data_stays() {
    machine.publisher.watch(
        call -> {
          if (call.equals("publish /keg/r/b")) {
            write(machine.data("named").resolve("file"));
            throw new MountFailed("mount", "/keg/r/b", "told to fail", null);
          }
        });

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("other:/a", "named:/b")));

    assertThat(machine.registry.names()).containsExactly(new VolumeName("named"));
  }

  private static void write(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_target_that_is_refused_leaves_no_volume() throws IOException {
    Files.createDirectory(machine.rootfs.resolve("b"));
    machine.table.mount("/keg/r/b");

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/b")));

    assertThat(machine.registry.names()).isEmpty();
  }

  @Test
  void a_target_in_kegs_own_directory_is_refused_for_that() {
    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mountByHand("other:/keg/lib/mine"))
        .withMessage("mount /keg/lib/mine: it is in Keg's own directory /keg/lib");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "../x", "-x", ".x", "a b"})
  void a_container_has_a_name_that_docker_would_take(String name) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> new ContainerId(name))
        .withMessageContaining("only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
  }
}
