package dev.keg.render.hcs;

import static dev.keg.render.document.SampleParts.READ_ONLY;
import static dev.keg.render.document.SampleParts.memory;
import static dev.keg.render.document.SampleParts.pipe;
import static dev.keg.render.document.SampleParts.restricted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keg.error.DriverException.NotSupported;
import dev.keg.fixtures.golden.Golden;
import dev.keg.mountspec.Access;
import dev.keg.render.document.Part;
import dev.keg.render.hcs.HcsTarget.Guest;
import dev.keg.render.hcs.HcsTarget.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For each way in which the Host Compute Service accepts a part, a file with the document that
 * creates a system with it, and the requests that add and remove it.
 */
public class HcsTest {
  private static final Path GOLDEN =
      Path.of("src", "test", "resources", "dev", "keg", "render", "hcs");

  private static final HcsTarget CONTAINER = new HcsTarget(Role.CONTAINER, Guest.WINDOWS, false);
  private static final HcsTarget ISOLATED =
      new HcsTarget(Role.ISOLATED_CONTAINER, Guest.WINDOWS, false);
  private static final HcsTarget WINDOWS = new HcsTarget(Role.MACHINE, Guest.WINDOWS, false);
  private static final HcsTarget LINUX = new HcsTarget(Role.MACHINE, Guest.LINUX, false);
  private static final HcsTarget WINDOWS_AGENT = new HcsTarget(Role.MACHINE, Guest.WINDOWS, true);
  private static final HcsTarget LINUX_AGENT = new HcsTarget(Role.MACHINE, Guest.LINUX, true);

  private static final Part DIRECTORY =
      new Part.Tree("C:\\keg\\volumes\\db\\_data", true, "C:\\data", Access.DEFAULT);
  private static final Part READ =
      new Part.Tree("C:\\Sites & \"more\"", true, "C:\\sites", READ_ONLY);
  private static final Part FILE =
      new Part.Tree("C:\\keys\\server.pem", false, "C:\\key.pem", READ_ONLY);

  private static Part linux(Part part) {
    Part.Tree tree = (Part.Tree) part;
    return new Part.Tree(tree.source(), tree.directory(), "/mnt/it", tree.access());
  }

  private static Part disk(String name, String drive, String format, String place, Access access) {
    String file = "C:\\keg\\volumes\\" + name + "\\disk." + format;
    return new Part.Disk(new Part.Image(name, drive, file, format, "auto"), place, access);
  }

  private static Part disk(String name, String drive, String format, Access access) {
    return disk(name, drive, format, "C:\\mnt\\" + name, access);
  }

  private static Part vhdx(String drive, Access access) {
    return disk("db", drive, "vhdx", access);
  }

  private static Part forLinux(String drive, Access access) {
    return disk("db", drive, "vhdx", "/mnt/db", access);
  }

  static Stream<Arguments> rows() {
    List<Part> disks = List.of(vhdx("vda", Access.DEFAULT), disk("logs", "vdc", "vhd", READ_ONLY));
    // Drives 0, 64, 128 and 192, according to their names, and one without a number in its name.
    List<Part> controllers =
        List.of(
            forLinux("vda", Access.DEFAULT),
            forLinux("vdbm", Access.DEFAULT),
            forLinux("vddy", READ_ONLY),
            forLinux("vdgk", Access.DEFAULT),
            forLinux("data", Access.DEFAULT));
    Part iso = disk("setup", "vdb", "iso", READ_ONLY);
    return Stream.of(
        arguments("scsi", disks, WINDOWS),
        arguments("scsi-iso", List.of(iso), WINDOWS),
        arguments("scsi-controllers", controllers, LINUX),
        arguments("scsi-agent-linux", controllers, LINUX_AGENT),
        arguments("scsi-agent-windows", disks, WINDOWS_AGENT),
        arguments("plan9", List.of(linux(DIRECTORY), linux(READ)), LINUX),
        arguments("plan9-file", List.of(linux(FILE)), LINUX),
        arguments("plan9-agent", List.of(linux(DIRECTORY), linux(READ)), LINUX_AGENT),
        arguments("vsmb", List.of(DIRECTORY, READ), WINDOWS),
        arguments("vsmb-file", List.of(FILE), WINDOWS),
        arguments("vsmb-agent", List.of(DIRECTORY, FILE), WINDOWS_AGENT),
        arguments("container", List.of(DIRECTORY, READ, pipe()), CONTAINER),
        arguments("container-hyperv", List.of(DIRECTORY, READ, FILE, pipe()), ISOLATED),
        arguments(
            "everything",
            List.of(forLinux("vda", Access.DEFAULT), linux(DIRECTORY), memory()),
            LINUX));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void arguments_are_passed_unchanged(String row, List<Part> parts, HcsTarget target)
      throws Exception {
    Golden.check(GOLDEN.resolve(row + ".json"), HcsSystem.of(parts, target));
    requests(row, parts, target);
  }

  private static void requests(String row, List<Part> parts, HcsTarget target) throws Exception {
    for (HcsRequests.Type type : HcsRequests.Type.values()) {
      String file = row + "-" + type.name().toLowerCase(java.util.Locale.ROOT) + ".jsonl";
      Golden.check(GOLDEN.resolve(file), String.join("", HcsRequests.of(type, parts, target)));
    }
  }

  @Test
  void a_pipe_is_added_to_a_machine_that_runs_and_not_before() throws Exception {
    requests("pipe", List.of(pipe()), WINDOWS);

    assertThatThrownBy(() -> HcsSystem.of(List.of(pipe()), WINDOWS))
        .isInstanceOf(NotSupported.class)
        .hasMessage(
            "render hcs \\\\.\\pipe\\docker_engine: a pipe can only be added to a running"
                + " machine, with --request add");
  }

  @Test
  void a_share_of_a_server_is_given_by_its_path_and_never_mapped_directly() {
    Part share = new Part.Tree("\\\\files\\projects", true, "C:\\data", Access.DEFAULT);

    assertThat(HcsRequests.of(HcsRequests.Type.ADD, List.of(share), CONTAINER))
        .singleElement()
        .asString()
        .contains("\"HostPath\":\"\\\\\\\\files\\\\projects\"");
    assertThat(HcsRequests.of(HcsRequests.Type.ADD, List.of(share), ISOLATED).getFirst())
        .contains("\"Path\":\"\\\\\\\\files\\\\projects\"", "\"Options\":{\"NoDirectmap\":true}");
    assertThat(HcsRequests.of(HcsRequests.Type.ADD, List.of(DIRECTORY), ISOLATED).getFirst())
        .doesNotContain("NoDirectmap");
  }

  @Test
  void a_recorded_slot_is_kept_and_no_other_disk_gets_it() {
    Part recorded = ((Part.Disk) vhdx("data", Access.DEFAULT)).at(70);
    Part second = ((Part.Disk) vhdx("logs", Access.DEFAULT)).at(0);
    Part unrecorded = vhdx("vda", Access.DEFAULT);

    List<String> requests =
        HcsRequests.of(HcsRequests.Type.REMOVE, List.of(unrecorded, recorded, second), WINDOWS);

    assertThat(requests)
        .extracting(
            request -> request.replaceAll(".*Scsi/(.{8}).*(Attachments/\\d+).*\\n", "$1 $2"))
        .containsExactly(
            "df6d0690 Attachments/0", "0110f83b Attachments/6", "df6d0690 Attachments/1");
  }

  @Test
  void nothing_is_null_or_empty() throws Exception {
    assertThat(HcsSystem.of(List.of(), WINDOWS))
        .isEqualToIgnoringWhitespace("{\"SchemaVersion\": {\"Major\": 2, \"Minor\": 1}}");
  }

  static Stream<Arguments> refusals() {
    Part file = linux(FILE);
    return Stream.of(
        arguments(
            disk("db", "vda", "raw", Access.DEFAULT),
            WINDOWS,
            "db: Hyper-V supports vhd and vhdx, and this disk is raw"),
        arguments(vhdx("vda", Access.DEFAULT), CONTAINER, "db: a container has no disks"),
        arguments(
            vhdx("vdbm", Access.DEFAULT),
            WINDOWS_AGENT,
            "db: the agent in Windows mounts disks of the first controller only"),
        arguments(vhdx("vdzz", Access.DEFAULT), WINDOWS, "db: a machine has room for 256 disks"),
        arguments(
            file, LINUX_AGENT, "/mnt/it: the agent mounts only directories, and this is a file"),
        arguments(
            memory(), CONTAINER, "/run/app: hcs cannot express noexec, nosuid, nodev or noatime"),
        arguments(
            new Part.Memory("C:\\tmp", List.of(), Access.DEFAULT),
            CONTAINER,
            "C:\\tmp: windows does not support tmpfs"),
        arguments(
            pipe(),
            LINUX,
            "\\\\.\\pipe\\docker_engine: Linux does not support Windows named pipes"),
        arguments(
            restricted(), WINDOWS, "/tight: hcs cannot express noexec, nosuid, nodev or noatime"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("refusals")
  void what_it_cannot_express_is_refused(Part part, HcsTarget target, String message) {
    assertThatThrownBy(() -> HcsSystem.of(List.of(part), target))
        .isInstanceOf(NotSupported.class)
        .hasMessage("render hcs " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "C:\\keys\\server.pem, C:\\keys, server.pem",
    "C:\\pem, C:\\, pem",
    "C:/keys/pem, C:/keys, pem",
  })
  void a_file_is_taken_from_its_directory(String path, String directory, String name) {
    assertThat(WindowsText.directory(path)).isEqualTo(directory);
    assertThat(WindowsText.name(path)).isEqualTo(name);
  }
}
