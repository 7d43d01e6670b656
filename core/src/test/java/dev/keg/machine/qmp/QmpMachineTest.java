package dev.keg.machine.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.machine.DriveId;
import dev.keg.machine.Plug;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations with a fake QEMU; MachineDisksIT tests the real one. */
final class QmpMachineTest {
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATER = Duration.ofSeconds(20);

  private FakeQemu qemu;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    qemu = new FakeQemu(directory.resolve("qmp.sock"));
  }

  @AfterEach
  void stop() throws IOException {
    qemu.close();
  }

  private QmpMachine machine(Duration patience) {
    return new QmpMachine(qemu.socket, patience, patience);
  }

  private QmpMachine machine() {
    return machine(LATER);
  }

  private static Plug plug(String format, boolean readOnly) {
    return new Plug(
        new DriveId("vdb"),
        new VolumeName("data"),
        new MachineDisk(Path.of("/keg/disk, of mine"), format, false),
        readOnly);
  }

  private static Plug plugOf(Path file) {
    return new Plug(
        new DriveId("vdb"), new VolumeName("other"), new MachineDisk(file, "qcow2", false), false);
  }

  private static Plug plug() {
    return plug("qcow2", false);
  }

  private static Map<String, ?> block(String driver, boolean readOnly) {
    return Map.of(
        "driver",
        driver,
        "node-name",
        "vdb",
        "read-only",
        readOnly,
        "discard",
        "unmap",
        "file",
        Map.of("driver", "file", "filename", "/keg/disk, of mine"));
  }

  @Test
  void a_disk_is_a_node_and_a_device() {
    machine().plug(plug());

    assertThat(qemu.nodes.get("vdb")).isEqualTo(block("qcow2", false));
    assertThat(qemu.devices.get("vdb-device"))
        .isEqualTo(
            Map.of(
                "driver", "virtio-blk-pci",
                "id", "vdb-device",
                "drive", "vdb",
                "serial", "data"));
  }

  @Test
  void a_vhd_is_qemus_vpc_and_a_reader_does_not_write() {
    machine().plug(plug("vhd", true));

    assertThat(qemu.nodes.get("vdb")).isEqualTo(block("vpc", true));
  }

  private static Plug encrypted(String format) {
    return new Plug(
        new DriveId("vdb"),
        new VolumeName("data"),
        new MachineDisk(
            Path.of("/keg/disk, of mine"), format, false, Optional.of(Path.of("/etc/keg/key"))),
        false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qcow2", "luks"})
  void an_encrypted_disk_comes_and_goes_with_its_key(String format) {
    Plug plug = encrypted(format);

    machine().plug(plug);
    machine().plug(plug);

    Map<String, Object> node = new HashMap<>(block(format, false));
    if (format.equals("luks")) {
      node.put("key-secret", "vdb-key");
    } else {
      node.put("encrypt", Map.of("format", "luks", "key-secret", "vdb-key"));
    }
    assertThat(qemu.nodes.get("vdb")).isEqualTo(node);
    assertThat(qemu.objects)
        .containsExactly(
            Map.entry(
                "vdb-key", Map.of("qom-type", "secret", "id", "vdb-key", "file", "/etc/keg/key")));
    machine().unplug(plug);
    assertThat(qemu.objects).isEmpty();
  }

  @Test
  void a_key_that_does_not_open_the_disk_is_taken_out_again() {
    qemu.wrongKey = true;

    assertThatThrownBy(() -> machine().plug(encrypted("luks"))).isInstanceOf(MachineFailed.class);

    assertThat(qemu.objects).isEmpty();
  }

  @Test
  void what_is_plugged_in_stays() {
    machine().plug(plug());
    int before = qemu.commands.size();

    machine().plug(plug());

    assertThat(qemu.commands.subList(before, qemu.commands.size()))
        .containsExactly("qmp_capabilities", "qom-list", "query-block");
  }

  @Test
  void a_device_that_has_another_disk_is_not_taken_for_this_one() {
    machine().plug(plug());
    Plug other = plugOf(Path.of("/keg/other"));

    assertThatThrownBy(() -> machine().plug(other))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("the machine has another disk as vdb; choose an id with --drive-id");
    assertThat(qemu.nodes.get("vdb")).isEqualTo(block("qcow2", false));
  }

  @Test
  void a_device_that_can_write_is_not_taken_for_one_that_only_reads() {
    machine().plug(plug());

    assertThatThrownBy(() -> machine().plug(plug("qcow2", true)))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("already has the disk, for writing; remove it first");
    assertThat(qemu.nodes.get("vdb")).isEqualTo(block("qcow2", false));
  }

  @Test
  void the_disk_at_another_device_does_not_make_this_one_right() {
    machine().plug(plugOf(Path.of("/keg/other")));
    qemu.nodes.put("vdc", qemu.nodes.get("vdb"));
    qemu.nodes.put("vdb", block("qcow2", false));
    qemu.devices.put("vdc-device", Map.of("id", "vdc-device", "drive", "vdc"));

    assertThatThrownBy(() -> machine().plug(plugOf(Path.of("/keg/other"))))
        .hasMessageContaining("the machine has another disk as vdb");
  }

  @Test
  void a_node_of_another_disk_that_a_killed_attach_left_is_replaced() {
    machine().plug(plugOf(Path.of("/keg/other")));
    qemu.devices.clear();

    machine().plug(plug());

    assertThat(qemu.nodes.get("vdb")).isEqualTo(block("qcow2", false));
    assertThat(qemu.devices).containsOnlyKeys("vdb-device");
  }

  @Test
  void a_key_that_a_killed_attach_left_is_replaced() {
    qemu.objects.put("vdb-key", Map.of("id", "vdb-key", "file", "/etc/keg/of another disk"));

    machine().plug(encrypted("luks"));

    assertThat(qemu.objects.get("vdb-key"))
        .isEqualTo(Map.of("qom-type", "secret", "id", "vdb-key", "file", "/etc/keg/key"));
  }

  @Test
  void a_node_that_a_killed_attach_left_is_used() {
    machine().plug(plug());
    qemu.devices.clear();

    machine().plug(plug());

    assertThat(qemu.devices).containsOnlyKeys("vdb-device");
  }

  @Test
  void where_the_first_bus_takes_none_a_free_port_does() {
    qemu.hotplug = false;
    qemu.freePorts.addAll(List.of("rp1", "rp2"));

    machine().plug(plug());

    assertThat(qemu.devices.get("vdb-device"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("bus", "rp1");
  }

  @Test
  void without_a_free_port_nothing_is_left_behind() {
    qemu.hotplug = false;

    assertThatThrownBy(() -> machine().plug(plug()))
        .isInstanceOf(MachineFailed.class)
        .hasMessage(
            "attach data: "
                + qemu.socket
                + ": the machine has no free port for another device; start it with more of"
                + " -device pcie-root-port");
    assertThat(qemu.nodes).isEmpty();
  }

  @Test
  void a_disk_is_taken_out_when_the_machine_has_let_go_of_it() {
    machine().plug(plug());

    machine().unplug(plug());

    assertThat(qemu.devices).isEmpty();
    assertThat(qemu.nodes).isEmpty();
  }

  @Test
  void another_disk_is_not_taken_out() {
    machine().plug(plugOf(Path.of("/keg/other")));

    assertThatThrownBy(() -> machine().unplug(plug()))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining(
            "the machine has another disk as vdb; if this volume's disk is gone, detach without --qmp");
    qemu.devices.clear();
    machine().unplug(plug());

    assertThat(qemu.commands).doesNotContain("device_del", "blockdev-del");
    assertThat(qemu.nodes).containsOnlyKeys("vdb");
  }

  @Test
  void a_disk_goes_with_the_snapshot_on_top_of_it() {
    machine().plug(plug());
    Map<String, Object> snapshot = new HashMap<>(block("qcow2", false));
    snapshot.put("file", Map.of("driver", "file", "filename", "/keg/snapshot"));
    snapshot.put("backing", Map.of("filename", "/keg/disk, of mine"));
    qemu.nodes.put("vdb", snapshot);

    machine().unplug(plug());

    assertThat(qemu.devices).isEmpty();
  }

  @Test
  void a_killed_backup_s_job_does_not_keep_the_disk() {
    machine().plug(plug());
    String drive = plug().drive().text();
    qemu.jobs.put("keg-backup-" + drive, Map.of());
    qemu.nodes.put("keg-to-" + drive, Map.of());

    machine().unplug(plug());

    assertThat(qemu.commands.indexOf("job-cancel"))
        .isBetween(0, qemu.commands.indexOf("device_del"));
    assertThat(qemu.jobs).isEmpty();
    assertThat(qemu.nodes).isEmpty();
  }

  @Test
  void what_is_not_plugged_in_is_not_an_error() {
    machine().unplug(plug());

    assertThat(qemu.commands).doesNotContain("device_del", "blockdev-del");
  }

  @Test
  void a_machine_that_does_not_let_go_keeps_its_disk() {
    machine().plug(plug());
    qemu.letsGo = false;

    assertThatThrownBy(() -> machine(SOON).unplug(plug()))
        .hasMessageContaining("the machine did not release the disk within 0 s");
    assertThat(qemu.nodes).containsOnlyKeys("vdb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"qom-list", "blockdev-add", "device_add", "device_add!"})
  void a_connection_that_ends_in_the_middle_is_reported(String command) {
    qemu.gone = command;
    QmpMachine machine = machine();

    assertThatThrownBy(() -> machine.plug(plug()))
        .isInstanceOf(MachineFailed.class)
        .hasMessage("attach data: " + qemu.socket + ": QEMU closed the connection halfway");

    qemu.gone = "";
    assertThat(machine.lacks(plug())).isEqualTo(!command.equals("device_add!"));
    assertThat(qemu.nodes.isEmpty()).isEqualTo(qemu.devices.isEmpty());
  }

  @Test
  void a_machine_that_is_gone_has_nothing() throws IOException {
    qemu.close();

    assertThatThrownBy(() -> machine().unplug(plug()))
        .hasMessageContaining("nothing listens there")
        .satisfies(
            e ->
                assertThat(((MachineFailed) e).hint())
                    .contains("if the machine is gone, detach without --qmp"));
    Files.delete(qemu.socket);
    QmpMachine machine = machine();
    assertThatThrownBy(() -> machine.plug(plug()))
        .hasMessage("attach data: " + qemu.socket + ": there is no such socket");
    assertThat(machine.lacks(plug())).isTrue();
  }

  @Test
  void a_machine_that_talks_with_somebody_else_was_not_asked() {
    qemu.greets = false;
    QmpMachine machine = machine(SOON);

    assertThatThrownBy(() -> machine.plug(plug()))
        .hasMessageContaining("no answer within 0 s; is another program using it?");
    assertThat(machine.lacks(plug())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"blockdev-add", "device_add"})
  void a_machine_that_was_asked_and_does_not_answer_may_have_the_disk(String command) {
    qemu.mute = command;
    QmpMachine machine = machine(SOON);

    assertThatThrownBy(() -> machine.plug(plug())).hasMessageContaining("no answer within 0 s");
    qemu.greets = false;
    assertThat(machine.lacks(plug())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request", "{}", "[]", "", "{\"QMP\""})
  void another_program_is_distinguished_from_qemu(String greeting) {
    qemu.greeting = greeting;

    assertThatThrownBy(() -> machine().plug(plug()))
        .hasMessage("attach data: " + qemu.socket + ": the listening program does not speak QMP");
  }
}
