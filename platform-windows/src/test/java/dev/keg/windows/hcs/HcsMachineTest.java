package dev.keg.windows.hcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.machine.DriveId;
import dev.keg.machine.Plug;
import dev.keg.volume.VolumeName;
import dev.keg.windows.win32.FakeWindows;
import dev.keg.windows.win32.Windows;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to a fake Host Compute Service. */
final class HcsMachineTest {
  private static final String ID = "8c1f5d2a-vm";
  private static final String CONTROLLER = "df6d0690-79e5-55b6-a5ec-c1e2f77f580a";

  private FakeWindows windows;
  private Path file;

  @BeforeEach
  void start(@TempDir Path directory) {
    windows = new FakeWindows(directory);
    windows.run(ID);
    file = directory.resolve("disk.vhdx");
  }

  private HcsMachine machine() {
    return new HcsMachine(new Windows(windows).systems(), ID);
  }

  private Plug plug(String drive, boolean readOnly) {
    return new Plug(
        new DriveId(drive), new VolumeName("data"), new MachineDisk(file, "vhdx", false), readOnly);
  }

  private Plug child(List<Path> unshared) {
    return new Plug(
        new DriveId("data"),
        new VolumeName("data"),
        new MachineDisk(file, "vhdx", false),
        false,
        66,
        List.of(file, Path.of("/keg/base-1.vhdx"), Path.of("/keg/base-0.vhdx")),
        unshared);
  }

  private List<String> calls() {
    return windows.calls().stream().filter(call -> call.startsWith("Hcs")).toList();
  }

  @Test
  void the_machine_is_let_at_the_file_first() {
    machine().plug(plug("vdb", true));

    assertThat(calls())
        .containsExactly(
            "HcsGrantVmAccess " + ID + " " + file,
            "HcsOpenComputeSystem " + ID,
            "HcsModifyComputeSystem {\"ResourcePath\":\"VirtualMachine/Devices/Scsi/"
                + CONTROLLER
                + "/Attachments/1\",\"RequestType\":\"Add\",\"Settings\":{\"Type\":\"VirtualDisk\","
                + "\"Path\":\""
                + file
                + "\",\"ReadOnly\":true}}",
            "HcsWaitForOperationResult");
  }

  @Test
  void it_is_let_at_every_disk_that_this_one_is_built_on() {
    machine().plug(child(List.of(file)));

    assertThat(calls())
        .startsWith(
            "HcsGrantVmAccess " + ID + " " + file,
            "HcsGrantVmAccess " + ID + " /keg/base-1.vhdx",
            "HcsGrantVmAccess " + ID + " /keg/base-0.vhdx",
            "HcsOpenComputeSystem " + ID);
  }

  @Test
  void it_keeps_access_to_what_its_other_disks_are_built_on() {
    machine().unplug(child(List.of(file, Path.of("/keg/base-1.vhdx"))));

    assertThat(calls().stream().filter(call -> call.startsWith("HcsRevoke")))
        .containsExactly(
            "HcsRevokeVmAccess " + ID + " " + file,
            "HcsRevokeVmAccess " + ID + " /keg/base-1.vhdx");
  }

  @Test
  void it_is_shut_out_again_when_access_to_one_of_the_files_cannot_be_granted() {
    windows.faults().failAt(2);

    assertThatThrownBy(() -> machine().plug(child(List.of(file))))
        .isInstanceOf(MachineFailed.class);

    assertThat(calls()).endsWith("HcsRevokeVmAccess " + ID + " " + file);
  }

  @Test
  void the_recorded_slot_is_the_place_of_the_disk() {
    machine().unplug(child(List.of()));

    assertThat(calls().get(1))
        .contains("Scsi/0110f83b-de10-5172-a266-78bca56bf50a/Attachments/2\"");
  }

  @Test
  void it_is_shut_out_when_it_has_given_the_disk_back() {
    machine().unplug(plug("vda", false));

    assertThat(calls())
        .containsExactly(
            "HcsOpenComputeSystem " + ID,
            "HcsModifyComputeSystem {\"ResourcePath\":\"VirtualMachine/Devices/Scsi/"
                + CONTROLLER
                + "/Attachments/0\",\"RequestType\":\"Remove\"}",
            "HcsWaitForOperationResult",
            "HcsRevokeVmAccess " + ID + " " + file);
  }

  @Test
  void a_machine_that_is_not_there_is_reported_and_left_without_rights() {
    HcsMachine gone = new HcsMachine(new Windows(windows).systems(), "gone");

    assertThatThrownBy(() -> gone.plug(plug("vda", false)))
        .isInstanceOf(MachineFailed.class)
        .satisfies(
            e ->
                assertThat(((MachineFailed) e).hint())
                    .contains("`hcsdiag list` shows the ids of running machines"));
    assertThat(calls()).endsWith("HcsRevokeVmAccess gone " + file);
    assertThat(gone.lacks(plug("vda", false))).isTrue();
  }

  @Test
  void the_reason_that_the_service_gives_is_reported() {
    windows.hcsAnswers(
        """
        {"Error":-1070137083,"ErrorMessage":"Invalid state.","ErrorEvents":[
         {"Message":"'vm\\u0031' could not add C:\\\\a.vhdx:\\r\\n\\"no room\\"","Provider":"x"}]}\
        """);

    assertThatThrownBy(() -> machine().plug(plug("vdb", true)))
        .isInstanceOf(MachineFailed.class)
        .hasMessageEndingWith(
            "the machine is in the wrong state for it: 'vm1' could not add C:\\a.vhdx: \"no"
                + " room\"");
  }

  @Test
  void a_request_without_an_answer_may_have_its_effect_yet() {
    windows.faults().failAt(4);
    HcsMachine machine = machine();

    assertThatThrownBy(() -> machine.plug(plug("vda", false))).isInstanceOf(MachineFailed.class);

    assertThat(calls()).endsWith("HcsWaitForOperationResult");
    assertThat(machine.lacks(plug("vda", false))).isFalse();
  }
}
