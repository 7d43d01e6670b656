package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.RegistryException.NameTaken;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.mountspec.MountSpec;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Machine.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetUpRunTest {
  private final Machine machine;

  SetUpRunTest() throws IOException {
    machine = new Machine();
  }

  /**
   * In the future directory of another mount, the clean-up after a kill must not look for this one.
   */
  @Test
  void the_plan_says_where_a_mount_will_be_unless_that_is_in_an_earlier_one() throws IOException {
    Files.createDirectory(machine.rootfs.resolve("a"));
    Files.createSymbolicLink(machine.rootfs.resolve("link"), machine.rootfs.resolve("a"));
    List<String> sites = new ArrayList<>();
    machine.publisher.watch(
        call -> {
          if (call.equals("publish /keg/r/a")) {
            var plan = new Plans(machine.registry).find(new PlanOwner.Container(WEB)).orElseThrow();
            plan.steps().forEach(step -> sites.add(step.target() + " " + step.site().orElse(null)));
          }
        });

    machine.mount(
        WEB, Wanted.volumes("a1:/a", "b1:/a/b", "c1:/c", "d1:/link/d", "e1:/a/b/c/e", "f1:/ab"));

    assertThat(sites)
        .containsExactlyInAnyOrder(
            "/a /keg/r/a",
            "/a/b null",
            "/c /keg/r/c",
            "/link/d null",
            "/a/b/c/e null",
            "/ab /keg/r/ab");
  }

  @Test
  void the_plan_names_each_place_before_something_is_mounted_there() throws IOException {
    List<String> sites = new ArrayList<>();
    machine.publisher.watch(
        call -> {
          if (call.equals("publish /keg/r/a/b")) {
            var plan = new Plans(machine.registry).find(new PlanOwner.Container(WEB)).orElseThrow();
            plan.steps().forEach(step -> sites.add("" + step.site().orElse(null)));
          }
        });

    machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/a/b"));

    assertThat(sites).containsExactly("/keg/r/a", "/keg/r/a/b");
  }

  @Test
  void a_missing_directory_of_the_host_is_made_for_the_short_form_only() {
    machine.mount(WEB, Wanted.volumes("/keg/srv/new/deep:/new"));

    assertThat(machine.files.getPath("/keg/srv/new/deep")).isDirectory();
    assertThat(machine.publisher.standing()).containsExactly("/keg/srv/new/deep rw on /keg/r/new");
  }

  @Test
  void a_directory_of_the_host_that_cannot_be_made_is_an_error() throws IOException {
    Files.createFile(machine.files.getPath("/keg/srv/file"));

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("/keg/srv/file/new:/new")))
        .withMessageStartingWith(
            "mount /keg/srv/file/new: error while creating mount source path '/keg/srv/file/new'");
    assertThat(machine.plans()).isEmpty();
  }

  @Test
  void a_named_pipe_is_left_to_the_program_that_runs_the_container() throws IOException {
    var request =
        new SetUpRequest(
            WEB,
            machine.rootfs,
            List.of(new MountSpec.NamedPipe("\\\\.\\pipe\\x", "\\\\.\\pipe\\y")),
            false,
            false);

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.sets.setUp(request))
        .withMessageContaining("the program that runs the container passes on named pipes");
    assertThat(machine.plans()).isEmpty();
  }

  @Test
  void all_targets_are_examined_before_anything_is_made() throws IOException {
    Files.createDirectory(machine.rootfs.resolve("b"));
    machine.table.mount("/keg/r/b");

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("a1:/a", "b1:/b")));

    assertThat(machine.publisher.calls()).isEmpty();
  }

  @Test
  void volumes_made_before_one_that_is_refused_go_again() {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));

    assertThatExceptionOfType(NameTaken.class)
        .isThrownBy(
            () ->
                machine.mount(
                    WEB,
                    new Wanted(
                        List.of("new:/a"),
                        List.of("src=db,dst=/x,volume-driver=mounting"),
                        List.of())));

    assertThat(machine.registry.names()).containsExactly(new VolumeName("db"));
  }

  /** A running container with hidden mounts keeps its paths mounted. */
  @Test
  void in_a_running_container_only_the_plan_says_what_is_taken() throws IOException {
    for (String target : List.of("a", "b")) {
      machine.publisher.hide(Files.createDirectory(machine.rootfs.resolve(target)));
      machine.table.mount("/keg/r/" + target);
    }
    machine.mount(WEB, Wanted.volumes("a1:/a"));

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("b1:/a")))
        .withMessage("mount /a: something is already mounted there: /keg/r/a");
    machine.mount(WEB, Wanted.volumes("b1:/b"));

    assertThat(machine.publisher.standing()).hasSize(2);
  }

  @Test
  void a_mount_that_keg_did_not_make_is_not_unmounted() throws IOException {
    Files.createDirectories(machine.rootfs.resolve("foreign"));
    machine.mount(WEB, Wanted.volumes("db:/data"));
    machine.table.mount("/keg/r/foreign");

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(() -> machine.sets.unmount("/keg/r/foreign", false))
        .withMessage("unmount /keg/r/foreign: keg did not mount it");
    assertThat(machine.context.isMounted(machine.rootfs.resolve("foreign"))).isTrue();
    machine.sets.unmount("/keg/r/nothing", false);
    assertThat(machine.publisher.standing()).hasSize(1);

    machine.sets.unmount("/keg/r/data", false);
    assertThat(machine.publisher.standing()).isEmpty();
    assertThat(machine.context.isMounted(machine.rootfs.resolve("foreign"))).isTrue();
  }
}
