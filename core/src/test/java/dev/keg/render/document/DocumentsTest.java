package dev.keg.render.document;

import static dev.keg.render.document.SampleParts.container;
import static dev.keg.render.document.SampleParts.encrypted;
import static dev.keg.render.document.SampleParts.late;
import static dev.keg.render.document.SampleParts.machine;
import static dev.keg.render.document.SampleParts.mapped;
import static dev.keg.render.document.SampleParts.memory;
import static dev.keg.render.document.SampleParts.pipe;
import static dev.keg.render.document.SampleParts.relabelled;
import static dev.keg.render.document.SampleParts.restricted;
import static dev.keg.render.document.SampleParts.volume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.fixtures.golden.Golden;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.MachineMount;
import dev.keg.mountspec.MachineMount.SecurityModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each document is compared with a reviewed file. */
public class DocumentsTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources", "dev", "keg", "render");
  private static final LineSettings LAZY =
      new LineSettings(false, List.of("noatime", "x-systemd.idle-timeout=1min"));

  private enum Document {
    OCI,
    COMPOSE,
    QEMU,
    FIRECRACKER,
    FSTAB,
    GUEST_FSTAB,
    SYSTEMD,
    GUEST_SYSTEMD,
    LAZY_SYSTEMD,
    CLOUD_INIT,
    LAZY_CLOUD_INIT;

    String of(List<Part> parts) {
      return switch (this) {
        case OCI -> OciMounts.of(parts);
        case COMPOSE -> ComposeService.of("web", parts);
        case QEMU -> QemuArguments.of(parts, SecurityModel.MAPPED_XATTR);
        case FIRECRACKER -> FirecrackerDrives.of(parts);
        case FSTAB -> Fstab.ofHost(parts, LineSettings.DEFAULT);
        case GUEST_FSTAB -> Fstab.ofMachine(parts, LineSettings.DEFAULT);
        case SYSTEMD -> SystemdUnits.text(SystemdUnits.ofHost(parts, LineSettings.DEFAULT));
        case GUEST_SYSTEMD ->
            SystemdUnits.text(SystemdUnits.ofMachine(parts, LineSettings.DEFAULT));
        case LAZY_SYSTEMD -> SystemdUnits.text(SystemdUnits.ofMachine(parts, LAZY));
        case CLOUD_INIT -> CloudInit.of(parts, LineSettings.DEFAULT);
        case LAZY_CLOUD_INIT -> CloudInit.of(parts, LAZY);
      };
    }
  }

  private static List<Part> with(List<Part> parts, Part... more) {
    List<Part> all = new ArrayList<>(parts);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void the_package_has_a_service_for_volumes_of_the_usual_root() throws IOException {
    String template = Files.readString(Path.of("../cli/packaging/systemd/keg-mount@.service"));
    MountService usual = new MountService("%i", "/var/lib/keg", List.of(), false, List.of());

    assertThat(template).contains(usual.text().substring(usual.text().indexOf("[Service]")));
    MountService other = new MountService("db", "/keg \"%\"", List.of(), false, List.of());
    assertThat(other.text())
        .contains("RequiresMountsFor=\"/keg \\\"%%\\\"\"\n")
        .contains("Environment=\"KEG_ROOT=/keg \\\"%%\\\"\"\n");
    List<Part> parts =
        List.of(new Part.Tree("/keg/db/_data", true, "/srv/db", Access.DEFAULT, other));
    assertThatThrownBy(() -> Fstab.ofHost(parts, LineSettings.DEFAULT))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("`keg render systemd` writes a service for this one");
  }

  @Test
  void a_volume_is_mounted_after_those_that_it_is_built_on_and_after_its_pool() {
    MountService base = new MountService("base", "/var/lib/keg", List.of(), false, List.of());
    MountService copy =
        new MountService("copy", "/var/lib/keg", List.of("/pool/x"), false, List.of(base));
    List<Part> parts =
        List.of(new Part.Tree("/keg/copy/_data", true, "/srv/copy", Access.DEFAULT, copy));

    assertThat(copy.text())
        .contains("RequiresMountsFor=\"/var/lib/keg\" \"/pool/x\"\n")
        .contains("Requires=keg-mount@base.service\nAfter=keg-mount@base.service\n")
        .doesNotContain("KEG_ROOT");
    assertThat(SystemdUnits.ofHost(parts, LineSettings.DEFAULT))
        .extracting(SystemdUnits.Unit::name)
        .containsExactly("srv-copy.mount", "keg-mount@base.service", "keg-mount@copy.service");
    assertThatThrownBy(() -> Fstab.ofHost(parts, LineSettings.DEFAULT))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("keg-mount@.service does not mount base first; `keg render systemd`");
  }

  @Test
  void a_device_with_a_line_break_starts_no_line_of_a_unit() {
    List<String> device = List.of("/dev/sdb\nExecStart=/bin/sh");

    assertThatThrownBy(() -> new MountService("db", "/var/lib/keg", device, false, List.of()))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("contains a control character");
  }

  static Stream<Arguments> documents() {
    List<Part> disks = List.of(SampleParts.disk("db", "vda", "raw", Access.DEFAULT));
    return Stream.of(
        arguments("oci.json", Document.OCI, with(container(), restricted(), mapped())),
        arguments(
            "oci-windows.json",
            Document.OCI,
            List.of(
                new Part.Tree("C:\\v", true, "C:\\data", Access.DEFAULT.withReadOnly(true)),
                new Part.Tree("C:\\w", true, "D:", Access.DEFAULT),
                pipe())),
        arguments("compose.yaml", Document.COMPOSE, with(container(), relabelled(), pipe())),
        arguments("qemu.txt", Document.QEMU, machine()),
        arguments(
            "qemu-encrypted.txt",
            Document.QEMU,
            List.of(encrypted("db", "vda", "qcow2"), encrypted("logs", "vdb", "luks"))),
        arguments("fstab-host.txt", Document.FSTAB, with(container(), restricted())),
        arguments("fstab-machine.txt", Document.GUEST_FSTAB, machine()),
        arguments("systemd-host.txt", Document.SYSTEMD, with(container(), restricted())),
        arguments("fstab-late.txt", Document.FSTAB, late()),
        arguments("systemd-late.txt", Document.SYSTEMD, late()),
        arguments("systemd-machine.txt", Document.GUEST_SYSTEMD, machine()),
        arguments("cloud-init.yaml", Document.CLOUD_INIT, machine()),
        arguments("cloud-init-no-automount.yaml", Document.LAZY_CLOUD_INIT, machine()),
        arguments("systemd-no-automount.txt", Document.LAZY_SYSTEMD, disks),
        arguments(
            "firecracker.json",
            Document.FIRECRACKER,
            List.of(
                SampleParts.disk("db", "vda", "raw", Access.DEFAULT),
                SampleParts.disk("logs", "drive-b.2", "raw", SampleParts.READ_ONLY),
                SampleParts.identified("system", "rootfs", null, "5f6c1e0e"),
                memory())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void a_document_is_as_it_was_read(String file, Document document, List<Part> parts)
      throws Exception {
    Golden.check(GOLDEN.resolve(file), document.of(parts));
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
    return Stream.of(
        arguments(Document.OCI, disk, "render oci db: a container has no disks"),
        arguments(
            Document.OCI,
            relabelled(),
            "render oci /labelled: oci cannot express an SELinux label"),
        arguments(
            Document.OCI,
            new Part.Tree("C:\\v", true, "C:\\v", Access.DEFAULT.with(Propagation.SHARED)),
            "render oci C:\\v: oci cannot express the propagation shared"),
        arguments(Document.COMPOSE, disk, "render compose db: a container has no disks"),
        arguments(
            Document.COMPOSE,
            restricted(),
            "render compose /tight: compose cannot express noexec, nosuid, nodev or noatime"),
        arguments(
            Document.COMPOSE, mapped(), "render compose /mapped: compose cannot express an idmap"),
        arguments(
            Document.COMPOSE,
            new Part.Memory("/a:b", List.of(), Access.DEFAULT),
            "render compose /a:b: the target of a tmpfs cannot contain a colon"),
        arguments(
            Document.QEMU,
            file,
            "render qemu /hosts: only directories can be shared with a machine, not the file"
                + " /etc/hosts"),
        arguments(Document.QEMU, flat, "render qemu /flat: qemu cannot express recursive disabled"),
        arguments(
            Document.QEMU,
            SampleParts.disk("odd", "vda", "zip", Access.DEFAULT),
            "render qemu odd: unknown disk format zip"),
        arguments(Document.QEMU, pipe(), pipeRefused("qemu")),
        arguments(Document.FSTAB, pipe(), pipeRefused("fstab")),
        arguments(Document.CLOUD_INIT, pipe(), pipeRefused("cloud-init")),
        arguments(
            Document.CLOUD_INIT,
            mapped(),
            "render cloud-init /mapped: cloud-init cannot express an idmap"),
        arguments(
            Document.GUEST_FSTAB,
            blank,
            "render fstab blank: there is no file system on the disk (fs=none)"),
        arguments(
            Document.SYSTEMD,
            relabelled(),
            "render systemd /labelled: systemd cannot express an SELinux label"),
        arguments(
            Document.FIRECRACKER,
            disk,
            "render firecracker db: firecracker supports only raw disks, and this one is qcow2"),
        arguments(
            Document.FIRECRACKER,
            file,
            "render firecracker /hosts: firecracker cannot share directories"));
  }

  private static String pipeRefused(String document) {
    return "render %s %s: only Windows has named pipes".formatted(document, pipe().target());
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("refusals")
  void what_a_document_cannot_express_is_refused(Document document, Part part, String message) {
    assertThatThrownBy(() -> document.of(List.of(part)))
        .isInstanceOf(NotSupported.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\nb", "/a\rb", "/a\tb", "/a\u0000b", "/a\u007fb", "/a\u0085b"})
  void a_control_character_is_refused_for_every_document(String path) {
    assertThatThrownBy(() -> new Part.Tree(path, true, "/t", Access.DEFAULT))
        .isInstanceOf(InvalidSpec.class)
        .hasMessage("'/a?b' contains a control character, which not every document supports");
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

  /** As documented in systemd-escape(1). */
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

    assertThatThrownBy(() -> Document.SYSTEMD.of(List.of(volume("db", path, Access.DEFAULT))))
        .isInstanceOf(InvalidSpec.class)
        .hasMessage("'" + path + "' is too long for a unit name; use fstab");
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
    assertThat(Document.COMPOSE.of(List.of(volume("db", "/a$HOME", Access.DEFAULT))))
        .contains("target: \"/a$$HOME\"");
  }

  private static List<String> options(List<String> words, Part... parts) {
    return Fstab.ofMachine(List.of(parts), new LineSettings(true, words))
        .lines()
        .map(line -> line.split(" ", -1)[3])
        .toList();
  }

  @Test
  void words_of_9p_are_for_shares_and_stand_once() {
    assertThat(
            options(
                List.of("cache=loose", "msize=104857600", "noatime", "noatime"),
                SampleParts.disk("db", "vdb", "raw", Access.DEFAULT),
                volume("web", "/srv", Access.DEFAULT)))
        .containsExactly(
            "trans=virtio,version=9p2000.L,msize=104857600,nofail,cache=loose,noatime",
            "nofail,noatime");
  }

  @Test
  void words_of_a_file_system_are_for_disks() {
    assertThat(
            options(
                List.of("discard", "size=2m", "x-systemd.device-timeout=5"),
                SampleParts.disk("db", "vdb", "raw", Access.DEFAULT),
                volume("web", "/srv", Access.DEFAULT),
                memory("size=1m")))
        .containsExactly(
            "trans=virtio,version=9p2000.L,msize=512000,nofail,x-systemd.device-timeout=5",
            "nofail,discard,x-systemd.device-timeout=5",
            "size=2m,noexec,nosuid,x-systemd.device-timeout=5");
  }

  @Test
  void a_mount_has_options_of_its_own() {
    Access loose =
        Access.DEFAULT.with(
            new MachineMount(false, List.of("cache=loose", "msize=1048576"), SecurityModel.NONE));
    Part share = volume("web", "/srv", loose);
    Part disk = SampleParts.disk("db", "vdb", "raw", Access.DEFAULT);

    assertThat(options(List.of(), disk, share))
        .containsExactly(
            "trans=virtio,version=9p2000.L,msize=1048576,nofail,noauto,cache=loose", "nofail");
    assertThat(QemuArguments.words(List.of(share), SecurityModel.MAPPED_FILE).get(1))
        .contains("security_model=none");
    assertThatThrownBy(() -> options(List.of(), SampleParts.disk("db", "vdb", "raw", loose)))
        .isInstanceOf(NotSupported.class)
        .hasMessage("render fstab db: mount option 'cache=loose' does not apply to it");
  }

  @Test
  void an_option_that_applies_to_no_line_is_refused() {
    assertThatThrownBy(
            () ->
                options(
                    List.of("cache=loose"), SampleParts.disk("db", "vdb", "raw", Access.DEFAULT)))
        .isInstanceOf(InvalidSpec.class)
        .hasMessage("mount option 'cache=loose' applies to none of these mounts");
  }

  @Test
  void qemus_words_are_not_quoted() {
    Part part = new Part.Tree("/a, b", true, "/t", Access.DEFAULT);

    assertThat(QemuArguments.words(List.of(part), SecurityModel.NONE))
        .containsExactly(
            "-virtfs", "local,path=/a,, b,mount_tag=mount0,security_model=none,id=mount0");
  }
}
