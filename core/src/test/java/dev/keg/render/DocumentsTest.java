package dev.keg.render;

import static dev.keg.render.SampleParts.container;
import static dev.keg.render.SampleParts.machine;
import static dev.keg.render.SampleParts.mapped;
import static dev.keg.render.SampleParts.memory;
import static dev.keg.render.SampleParts.pipe;
import static dev.keg.render.SampleParts.relabelled;
import static dev.keg.render.SampleParts.restricted;
import static dev.keg.render.SampleParts.volume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keg.error.VolumeException.InvalidSpec;
import dev.keg.error.VolumeException.NotSupported;
import dev.keg.fixtures.golden.Golden;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.render.QemuArguments.SecurityModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each document is compared with a file that somebody read. */
class DocumentsTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources", "dev", "keg", "render");
  private static final LineSettings LAZY =
      new LineSettings(false, List.of("noatime", "x-systemd.idle-timeout=1min"));

  private static final Function<List<Part>, String> OCI = OciMounts::of;
  private static final Function<List<Part>, String> COMPOSE =
      parts -> ComposeService.of("web", parts);
  private static final Function<List<Part>, String> QEMU =
      parts -> QemuArguments.of(parts, SecurityModel.MAPPED_XATTR);
  private static final Function<List<Part>, String> FSTAB =
      parts -> Fstab.ofHost(parts, LineSettings.DEFAULT);
  private static final Function<List<Part>, String> GUEST_FSTAB =
      parts -> Fstab.ofMachine(parts, LineSettings.DEFAULT);
  private static final Function<List<Part>, String> SYSTEMD =
      parts -> SystemdUnits.text(SystemdUnits.ofHost(parts, LineSettings.DEFAULT));
  private static final Function<List<Part>, String> GUEST_SYSTEMD =
      parts -> SystemdUnits.text(SystemdUnits.ofMachine(parts, LineSettings.DEFAULT));
  private static final Function<List<Part>, String> CLOUD_INIT =
      parts -> CloudInit.of(parts, LineSettings.DEFAULT);

  private static List<Part> with(List<Part> parts, Part... more) {
    List<Part> all = new ArrayList<>(parts);
    all.addAll(List.of(more));
    return all;
  }

  static Stream<Arguments> documents() {
    List<Part> disks = List.of(SampleParts.disk("db", "vda", "raw", Access.DEFAULT));
    return Stream.of(
        arguments("oci.json", OCI, with(container(), restricted(), mapped())),
        arguments(
            "oci-windows.json",
            OCI,
            List.of(
                new Part.Tree("C:\\v", true, "C:\\data", Access.DEFAULT.withReadOnly(true)),
                new Part.Tree("C:\\w", true, "D:", Access.DEFAULT),
                pipe())),
        arguments("compose.yaml", COMPOSE, with(container(), relabelled(), pipe())),
        arguments("qemu.txt", QEMU, machine()),
        arguments("fstab-host.txt", FSTAB, with(container(), restricted())),
        arguments("fstab-machine.txt", GUEST_FSTAB, machine()),
        arguments("systemd-host.txt", SYSTEMD, with(container(), restricted())),
        arguments("systemd-machine.txt", GUEST_SYSTEMD, machine()),
        arguments("cloud-init.yaml", CLOUD_INIT, machine()),
        arguments(
            "cloud-init-no-automount.yaml",
            (Function<List<Part>, String>) parts -> CloudInit.of(parts, LAZY),
            machine()),
        arguments(
            "systemd-no-automount.txt",
            (Function<List<Part>, String>)
                parts -> SystemdUnits.text(SystemdUnits.ofMachine(parts, LAZY)),
            disks),
        arguments(
            "firecracker.json",
            (Function<List<Part>, String>) FirecrackerDrives::of,
            List.of(
                SampleParts.disk("db", "vda", "raw", Access.DEFAULT),
                SampleParts.disk("logs", "drive-b.2", "raw", SampleParts.READ_ONLY),
                memory())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void a_document_is_as_it_was_read(
      String file, Function<List<Part>, String> document, List<Part> parts) throws Exception {
    Golden.check(GOLDEN.resolve(file), document.apply(parts));
  }

  static Stream<Arguments> refusals() {
    Part disk = SampleParts.disk("db", "vda", "qcow2", Access.DEFAULT);
    Part file = new Part.Tree("/etc/hosts", false, "/hosts", Access.DEFAULT);
    Part blank =
        new Part.Disk(
            new Part.Image("blank", "vda", "/keg/disk.raw", "raw", "none"),
            "/data",
            Access.DEFAULT);
    Part flat = volume("flat", "/flat", Access.DEFAULT.with(Recursion.DISABLED));
    Function<List<Part>, String> firecracker = FirecrackerDrives::of;
    return Stream.of(
        arguments(OCI, disk, "render oci db: a container has no disks"),
        arguments(OCI, relabelled(), "render oci /labelled: oci has no words for an SELinux label"),
        arguments(
            OCI,
            new Part.Tree("C:\\v", true, "C:\\v", Access.DEFAULT.with(Propagation.SHARED)),
            "render oci C:\\v: oci has no words for the propagation shared"),
        arguments(COMPOSE, disk, "render compose db: a container has no disks"),
        arguments(
            COMPOSE,
            restricted(),
            "render compose /tight: compose has no words for noexec, nosuid or nodev"),
        arguments(COMPOSE, mapped(), "render compose /mapped: compose has no words for an idmap"),
        arguments(
            COMPOSE,
            new Part.Memory("/a:b", List.of(), Access.DEFAULT),
            "render compose /a:b: a colon ends the target of a tmpfs"),
        arguments(
            QEMU,
            file,
            "render qemu /hosts: a machine can share directories only, not the file /etc/hosts"),
        arguments(QEMU, flat, "render qemu /flat: qemu has no words for recursive disabled"),
        arguments(
            QEMU,
            SampleParts.disk("odd", "vda", "zip", Access.DEFAULT),
            "render qemu odd: unknown disk format zip"),
        arguments(QEMU, pipe(), pipeRefused("qemu")),
        arguments(FSTAB, pipe(), pipeRefused("fstab")),
        arguments(CLOUD_INIT, pipe(), pipeRefused("cloud-init")),
        arguments(
            CLOUD_INIT,
            mapped(),
            "render cloud-init /mapped: cloud-init has no words for an idmap"),
        arguments(
            GUEST_FSTAB,
            blank,
            "render fstab blank: there is no file system on the disk (fs=none)"),
        arguments(
            SYSTEMD,
            relabelled(),
            "render systemd /labelled: systemd has no words for an SELinux label"),
        arguments(
            firecracker,
            disk,
            "render firecracker db: firecracker reads raw disks only, and this one is qcow2"),
        arguments(
            firecracker, file, "render firecracker /hosts: firecracker shares no directories"));
  }

  private static String pipeRefused(String document) {
    return "render %s %s: only Windows has named pipes".formatted(document, pipe().target());
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("refusals")
  void what_a_document_has_no_words_for_is_refused(
      Function<List<Part>, String> document, Part part, String message) {
    assertThatThrownBy(() -> document.apply(List.of(part)))
        .isInstanceOf(NotSupported.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\nb", "/a\rb", "/a\tb", "/a\u0000b", "/a\u007fb", "/a\u0085b"})
  void a_control_character_is_refused_for_every_document(String path) {
    assertThatThrownBy(() -> new Part.Tree(path, true, "/t", Access.DEFAULT))
        .isInstanceOf(InvalidSpec.class)
        .hasMessage("'/a?b' has a control character in it, which not every document can carry");
    assertThatThrownBy(() -> new Part.Tree("/s", true, path, Access.DEFAULT))
        .isInstanceOf(InvalidSpec.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb", "a,b"})
  void an_odd_mount_option_is_refused(String option) {
    assertThatThrownBy(() -> new LineSettings(true, List.of(option)))
        .isInstanceOf(InvalidSpec.class)
        .hasMessage("invalid mount option '" + option + "'");
  }

  /** As systemd-escape(1) has it. */
  @ParameterizedTest
  @CsvSource({
    "/, -.mount",
    "/mnt/data, mnt-data.mount",
    "/mnt/a-b, mnt-a\\x2db.mount",
    "/.hidden/.x, \\x2ehidden-.x.mount",
    "/a b, a\\x20b.mount",
    "/a#b%c\\d, a\\x23b\\x25c\\x5cd.mount",
    "/ä€, \\xc3\\xa4\\xe2\\x82\\xac.mount",
    "/a:b_c.9Z, a:b_c.9Z.mount",
  })
  void a_unit_is_named_after_its_mount_point(String path, String name) {
    assertThat(UnitName.ofMount(path)).isEqualTo(name);
  }

  @Test
  void a_path_too_long_for_a_units_name_is_refused() {
    String path = "/" + "ä".repeat(40);

    assertThatThrownBy(() -> SYSTEMD.apply(List.of(volume("db", path, Access.DEFAULT))))
        .isInstanceOf(InvalidSpec.class)
        .hasMessage("'" + path + "' is too long for the name of a unit; use fstab");
  }

  @ParameterizedTest
  @CsvSource({
    "/mnt/a, /mnt/a",
    "/a b, /a\\040b",
    "/a\\040b, /a\\134040b",
    "/a#b, /a#b",
    "/ä, /ä",
  })
  void a_field_of_fstab_is_escaped(String field, String escaped) {
    assertThat(Fstab.escaped(field)).isEqualTo(escaped);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\u0001',
      value = {
        "/srv/db, /srv/db",
        "web, web",
        "yes, \"yes\"",
        "No, \"No\"",
        "null, \"null\"",
        "1.0, \"1.0\"",
        "-x, \"-x\"",
        "a b, \"a b\"",
        "a: b, \"a: b\"",
        "a\\b\"c, \"a\\\\b\\\"c\"",
        "C:\\data, \"C:\\\\data\"",
      })
  void a_scalar_of_yaml_is_quoted_unless_it_is_plain_in_every_version(String text, String scalar) {
    assertThat(YamlText.scalar(text)).isEqualTo(scalar);
  }

  @Test
  void a_dollar_sign_begins_no_variable_of_compose() {
    assertThat(COMPOSE.apply(List.of(volume("db", "/a$HOME", Access.DEFAULT))))
        .contains("target: \"/a$$HOME\"");
  }

  @Test
  void qemus_words_are_not_quoted() {
    Part part = new Part.Tree("/a, b", true, "/t", Access.DEFAULT);

    assertThat(QemuArguments.words(List.of(part), SecurityModel.NONE))
        .containsExactly(
            "-virtfs", "local,path=/a,, b,mount_tag=mount0,security_model=none,id=mount0");
  }

  @Test
  void drives_are_counted_like_columns() {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < 703; i++) {
      taken.add(DriveIds.next(java.util.Set.copyOf(taken)));
    }

    assertThat(taken).startsWith("vda", "vdb").contains("vdz", "vdaa", "vdzz").endsWith("vdaaa");
  }
}
