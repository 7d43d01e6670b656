package dev.keg.render.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Restriction;
import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.render.document.SystemdUnits.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The target programs of the documents accept them without a message. */
public class OthersAcceptIT {
  // In ASCII: Java encodes file names by the locale.
  private static final String PLAIN_ODD = "a b#c%d\\e\"f,g'h$i*j[k]{l}&m|n!o`p~q";

  private static final Path GENERATOR =
      Path.of("/usr/lib/systemd/system-generators/systemd-fstab-generator");

  @RegisterExtension final MachineState machine = new MachineState();

  private Path directory;
  private Path source;

  @BeforeEach
  void directories() throws IOException {
    directory = machine.directory();
    source = Files.createDirectories(directory.resolve("source " + PLAIN_ODD));
    Files.writeString(source.resolve("file"), "from the volume\n");
  }

  private String output(String script) throws IOException, InterruptedException {
    return new Readers(directory).output(script);
  }

  private static String quoted(String word) {
    return Readers.quoted(word);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private Part.Tree tree(String target, Access access) {
    return new Part.Tree(source.toString(), true, target, access);
  }

  private String target(String name) throws IOException {
    return Files.createDirectories(directory.resolve("target").resolve(name)).toString();
  }

  @Test
  @NeedsTool(value = "systemd-escape", from = "systemd")
  void systemd_gives_a_unit_the_same_name() throws Exception {
    List<String> paths = Readers.paths();

    String names =
        output(
            "systemd-escape -p --suffix=mount -- "
                + paths.stream().map(OthersAcceptIT::quoted).collect(Collectors.joining(" ")));

    assertThat(List.of(names.strip().split(" ")))
        .isEqualTo(paths.stream().map(UnitName::ofMount).toList());
  }

  @Test
  @NeedsTool(value = "systemd-analyze", from = "systemd")
  void systemd_takes_the_units_without_a_word() throws Exception {
    List<Part> parts = new ArrayList<>(SampleParts.container());
    parts.add(SampleParts.restricted());
    parts.add(tree("/srv/" + PLAIN_ODD + "\\", Access.DEFAULT));
    parts.add(tree("/srv/end ", SampleParts.READ_ONLY));
    List<Unit> units = new ArrayList<>(SystemdUnits.ofHost(parts, LineSettings.DEFAULT));
    units.addAll(SystemdUnits.ofHost(SampleParts.late(), LineSettings.DEFAULT));
    units.addAll(SystemdUnits.ofMachine(SampleParts.machine(), LineSettings.DEFAULT));
    StringBuilder script = new StringBuilder();
    for (Unit unit : units) {
      // Keg is not installed here.
      write(unit.name(), unit.text().replace("/usr/bin/keg", "/bin/true"));
      // The program takes the text after a colon for an alias.
      if (!unit.name().contains(":")) {
        script.append("systemd-analyze verify --man=no ").append(quoted(unit.name())).append('\n');
      }
    }

    assertThat(output(script.toString())).isEmpty();
  }

  /** The units that systemd generates from fstab equal ours for the same mount. */
  @Test
  @NeedsTool(value = "systemd-analyze", from = "systemd")
  void systemd_reads_fstab_as_it_reads_the_units() throws Exception {
    assumeTrue(Files.exists(GENERATOR), "needs systemd-fstab-generator of the package systemd");
    List<Part> parts =
        Readers.paths().stream()
            .distinct()
            .<Part>map(path -> new Part.Tree(path, true, path, Access.DEFAULT))
            .toList();
    write("fstab", Fstab.ofHost(parts, LineSettings.DEFAULT));
    Files.createDirectory(directory.resolve("units"));

    output("SYSTEMD_FSTAB=$PWD/fstab SYSTEMD_LOG_LEVEL=crit " + GENERATOR + " units units units");

    for (Unit unit : SystemdUnits.ofHost(parts, LineSettings.DEFAULT)) {
      assertThat(mount(Files.readString(directory.resolve("units").resolve(unit.name()))))
          .as(unit.name())
          .isEqualTo(mount(unit.text()));
    }
  }

  private static List<String> mount(String unit) {
    return unit.lines()
        .filter(line -> line.matches("(What|Where|Type|Options)=.*"))
        // A slash that ends the value, without a meaning.
        .map(line -> line.replaceAll("(?<=[ \\\\])/$", ""))
        .toList();
  }

  @Test
  @NeedsTool(value = "findmnt", from = "util-linux")
  void findmnt_has_nothing_to_say_of_fstab() throws Exception {
    List<Part> parts =
        List.of(
            tree(target(PLAIN_ODD), Access.DEFAULT),
            tree(target("read"), SampleParts.RESTRICTED),
            new Part.Memory(target("memory"), List.of("size=1m"), Access.DEFAULT));
    write("fstab", Fstab.ofHost(parts, LineSettings.DEFAULT));

    assertThat(output("findmnt --verify --tab-file fstab"))
        .contains("Success, no errors or warnings detected");
  }

  @Test
  @NeedsRoot
  @NeedsTool(value = "unshare", from = "util-linux")
  void mount_mounts_what_fstab_says() throws Exception {
    String odd = target(PLAIN_ODD);
    String read = target("read");
    List<Part> parts =
        List.of(
            tree(odd, Access.DEFAULT),
            tree(read, SampleParts.READ_ONLY.with(Set.of(Restriction.NOEXEC))),
            new Part.Memory(target("memory"), List.of("size=1m"), Access.DEFAULT));
    write("fstab", Fstab.ofHost(parts, LineSettings.DEFAULT));
    write(
        "inside",
        """
        mount -a -T fstab
        cat %s/file %s/file
        touch %s/file && echo writable
        touch %s/file 2> why || cat why
        findmnt -n -o OPTIONS -T %s
        findmnt -n -o SIZE -T target/memory
        """
            .formatted(quoted(odd), quoted(read), quoted(odd), quoted(read), quoted(read)));

    String seen = output("unshare -m sh inside");

    assertThat(seen).startsWith("from the volume\nfrom the volume\nwritable\n");
    assertThat(seen).contains("Read-only file system").contains("ro,noexec").contains(" 1M");
  }

  @Test
  @NeedsTool(value = "cloud-init", from = "cloud-init")
  void cloud_init_takes_the_user_data() throws Exception {
    write("user-data", CloudInit.of(SampleParts.machine(), LineSettings.DEFAULT));
    write("nothing", CloudInit.of(List.of(), LineSettings.DEFAULT));
    write(
        "lazy",
        CloudInit.of(SampleParts.machine(), new LineSettings(false, List.of("noatime", "nodev"))));

    assertThat(output("for f in user-data nothing lazy; do cloud-init schema -c $f; done"))
        .contains("Valid")
        .doesNotContain("nvalid");
  }

  @Test
  @NeedsTool(value = "docker-compose", from = "docker-compose")
  void compose_takes_the_service() throws Exception {
    write("compose.yaml", "version: '3.9'\nservices:\n  web:\n    image: nothing\n");
    // The program is too old for recursive and selinux, which the specification now has.
    List<Part> parts =
        SampleParts.container().stream()
            .filter(part -> part.access().recursion() == Recursion.ENABLED)
            .toList();
    write("volumes.yaml", ComposeService.of("web", parts));

    assertThat(output("docker-compose -f compose.yaml -f volumes.yaml config"))
        .contains("source: /keg/volumes/db/_data")
        .contains("target: /var/lib/db")
        .contains("propagation: rslave")
        // It also doubles the dollar sign in its output.
        .contains(SampleParts.ODD.substring(0, 8));
  }

  @Test
  @NeedsTool(value = "qemu-system-x86_64", from = "qemu-system-x86")
  void qemu_has_the_disks_and_shares() throws Exception {
    Path disk = Files.write(source.resolve("disk"), new byte[1 << 20]);
    List<Part> parts =
        List.of(
            new Part.Disk(
                new Part.Image("db", "vda", disk.toString(), "raw", "ext4"), "/db", Access.DEFAULT),
            new Part.Disk(
                new Part.Image("logs", "vdb", disk.toString(), "raw", "auto"),
                "/logs",
                SampleParts.READ_ONLY),
            tree("/srv", SampleParts.READ_ONLY));
    String arguments =
        QemuArguments.of(List.of(parts.get(0), parts.get(2)), SecurityModel.MAPPED_XATTR)
            .replace('\n', ' ');
    String reader =
        QemuArguments.of(List.of(parts.get(1)), SecurityModel.MAPPED_XATTR).replace('\n', ' ');
    String qemu =
        "qemu-system-x86_64 -S -display none -nodefaults -machine q35 -m 32 -monitor stdio ";

    String seen = output("printf 'info block\\ninfo qtree\\nquit\\n' | " + qemu + arguments);

    assertThat(seen)
        .contains("vda (#block")
        .contains(disk + " (raw)")
        .contains("serial = \"db\"")
        .contains("mount_tag = \"mount0\"");
    assertThat(output("printf 'info block\\nquit\\n' | " + qemu + reader))
        .contains("(raw, read-only)");
  }

  @Test
  @NeedsRoot
  @NeedsTool(value = "runc", from = "runc")
  void runc_starts_a_bundle_with_the_mounts() throws Exception {
    List<Part> parts =
        List.of(
            tree("/data/" + PLAIN_ODD, Access.DEFAULT),
            tree("/read", SampleParts.RESTRICTED),
            tree("/deep", SampleParts.READ_ONLY.with(Recursion.READONLY)),
            tree("/flat", SampleParts.READ_ONLY.with(Recursion.DISABLED)),
            new Part.Memory("/mem", List.of("size=1m", "mode=1777"), Access.DEFAULT));
    Path rootfs = Files.createDirectory(directory.resolve("rootfs"));
    for (String link : List.of("bin", "lib", "lib64")) {
      Files.createSymbolicLink(rootfs.resolve(link), Path.of("usr", link));
    }
    String mounts = OciMounts.of(parts);
    write(
        "config.json",
        CONFIG.replace(
            "MOUNTS", mounts.substring(mounts.indexOf('[') + 1, mounts.lastIndexOf(']'))));
    write(
        "rootfs/inside",
        """
        cat /data/*/file
        cd /data/*
        echo back > answer
        for d in read deep flat; do touch /$d/x 2>/dev/null || echo $d is read-only; done
        head -c 2000000 /dev/zero > /mem/x 2>/dev/null || echo mem is full
        grep -c ' /read ro,nosuid,nodev,noexec' /proc/self/mountinfo
        """);

    String seen = output("runc --root $PWD/run run -b $PWD keg-rendered < /dev/null");

    assertThat(seen)
        .isEqualTo(
            """
            from the volume
            read is read-only
            deep is read-only
            flat is read-only
            mem is full
            1
            """);
    assertThat(source.resolve("answer")).hasContent("back\n");
  }

  private static final String CONFIG =
      """
      {"ociVersion": "1.0.2",
       "process": {"terminal": false, "user": {"uid": 0, "gid": 0}, "cwd": "/",
                   "args": ["/bin/sh", "/inside"], "env": ["PATH=/bin"]},
       "root": {"path": "rootfs"},
       "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                  {"destination": "/usr", "type": "bind", "source": "/usr",
                   "options": ["rbind", "ro"]}, MOUNTS],
       "linux": {"namespaces": [{"type": "pid"}, {"type": "ipc"}, {"type": "mount"}]}}
      """;
}
