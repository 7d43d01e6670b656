package dev.keg.render.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.render.hcs.HcsSystem;
import dev.keg.render.hcs.HcsTarget;
import dev.keg.render.hcs.HcsTarget.Guest;
import dev.keg.render.hcs.HcsTarget.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The target programs of the documents find the intended names in them, however unusual. */
public class OthersUnderstandIT {
  @RegisterExtension final MachineState machine = new MachineState();

  /** Unrelated sources and targets. */
  private static final List<Part> PARTS =
      Readers.paths().stream()
          .distinct()
          .<Part>map(path -> new Part.Tree(path + "s", true, path, Access.DEFAULT))
          .toList();

  private static List<String> targets() {
    return PARTS.stream().map(Part::subject).toList();
  }

  private static List<String> sources() {
    return PARTS.stream().map(part -> ((Part.Tree) part).source()).toList();
  }

  private String output(String script) throws Exception {
    return new Readers(machine.directory()).output(script);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(machine.directory().resolve(name), text);
  }

  @Test
  @NeedsTool(value = "findmnt", from = "util-linux")
  void findmnt_in_fstab() throws Exception {
    write("fstab", Fstab.ofHost(PARTS, LineSettings.DEFAULT));

    String found = output("findmnt --tab-file fstab --json --output SOURCE,TARGET");

    assertThat(Readers.strings(found, "target")).containsExactlyInAnyOrderElementsOf(targets());
    assertThat(Readers.strings(found, "source")).containsExactlyInAnyOrderElementsOf(sources());
  }

  /** Cloud-init writes a tab between the fields from its YAML, and a machine reads them. */
  @Test
  @NeedsTool(value = "findmnt", from = "util-linux")
  @NeedsTool(value = "cloud-init", from = "cloud-init")
  void cloud_init_in_user_data() throws Exception {
    write("user-data", CloudInit.of(PARTS, LineSettings.DEFAULT));
    write(
        "fstab.py",
        """
        import yaml
        for entry in yaml.safe_load(open("user-data", encoding="utf-8"))["mounts"]:
            print("\\t".join(entry))
        """);

    String found =
        output("python3 fstab.py > fstab; findmnt --tab-file fstab --json --output SOURCE,TARGET");

    assertThat(Readers.strings(found, "target")).containsExactlyInAnyOrderElementsOf(targets());
    assertThat(Readers.strings(found, "source")).hasSameSizeAs(PARTS).doesNotHaveDuplicates();
  }

  @Test
  @NeedsTool(value = "docker-compose", from = "docker-compose")
  @NeedsTool(value = "python3", from = "python3")
  void compose_in_a_service() throws Exception {
    write("compose.yaml", "version: '3.9'\nservices:\n  web:\n    image: nothing\n");
    write("volumes.yaml", ComposeService.of("web", PARTS));
    write(
        "volumes.py",
        """
        import json, sys, yaml
        print(json.dumps(yaml.safe_load(sys.stdin)["services"]["web"]["volumes"]))
        """);

    String found =
        output(
            "docker-compose -f compose.yaml -f volumes.yaml config > all; python3 volumes.py <"
                + " all");

    // Its output is a compose file again, in which a dollar sign is doubled.
    assertThat(Readers.strings(found, "target"))
        .extracting(target -> target.replace("$$", "$"))
        .containsExactlyInAnyOrderElementsOf(targets());
    assertThat(Readers.strings(found, "source"))
        .extracting(source -> source.replace("$$", "$"))
        .containsExactlyInAnyOrderElementsOf(sources());
  }

  @Test
  @NeedsTool(value = "qemu-system-x86_64", from = "qemu-system-x86")
  void qemu_in_its_arguments() throws Exception {
    List<Part> parts = new ArrayList<>();
    for (String name : names().subList(0, 24)) {
      Path file = Files.write(machine.directory().resolve(name), new byte[512]);
      String drive = "vd" + (char) ('a' + parts.size());
      Part.Image image = new Part.Image("disk", drive, file.toString(), "raw", "none");
      parts.add(new Part.Disk(image, null, Access.DEFAULT));
    }
    String arguments = QemuArguments.of(parts, SecurityModel.NONE).replace('\n', ' ');

    String seen =
        output(
            "printf 'info block\\nquit\\n' | qemu-system-x86_64 -S -display none -nodefaults"
                + " -machine q35 -m 32 -monitor stdio "
                + arguments);

    for (Part part : parts) {
      Part.Image image = ((Part.Disk) part).image();
      assertThat(seen.lines().filter(line -> line.startsWith(image.drive() + " ")))
          .singleElement()
          .asString()
          .endsWith(": " + image.file() + " (raw)");
    }
  }

  /** It does not start without the directories, each of which exists only under this name. */
  @Test
  @NeedsTool(value = "qemu-system-x86_64", from = "qemu-system-x86")
  void qemu_in_its_shares() throws Exception {
    List<Part> parts = new ArrayList<>();
    for (String name : names().subList(0, 24)) {
      Path share = Files.createDirectory(machine.directory().resolve(name));
      parts.add(new Part.Tree(share.toString(), true, "/" + name, Access.DEFAULT));
    }
    String arguments = QemuArguments.of(parts, SecurityModel.NONE).replace('\n', ' ');

    String seen =
        output(
            "printf 'info qtree\\nquit\\n' | qemu-system-x86_64 -S -display none -nodefaults"
                + " -machine q35 -m 32 -monitor stdio "
                + arguments);

    assertThat(seen).contains("mount_tag = \"mount0\"", "mount_tag = \"mount23\"");
  }

  /** File names here, in ASCII: Java encodes file names by the locale. */
  private static List<String> names() {
    return Readers.paths().stream()
        .map(path -> path.substring(1))
        .filter(name -> name.length() > 6 && name.matches("[ -.0-~]+"))
        .distinct()
        .toList();
  }

  @Test
  void readers_of_json() throws Exception {
    String oci = OciMounts.of(PARTS);
    assertThat(Readers.strings(oci, "destination")).containsExactlyInAnyOrderElementsOf(targets());
    assertThat(Readers.strings(oci, "source")).containsExactlyInAnyOrderElementsOf(sources());

    String hcs = HcsSystem.of(PARTS, new HcsTarget(Role.CONTAINER, Guest.WINDOWS, false));
    assertThat(Readers.strings(hcs, "ContainerPath"))
        .containsExactlyInAnyOrderElementsOf(targets());
    assertThat(Readers.strings(hcs, "HostPath")).containsExactlyInAnyOrderElementsOf(sources());

    List<Part> disks =
        sources().stream()
            .<Part>map(
                path ->
                    new Part.Disk(
                        new Part.Image("disk", "vda", path, "raw", "none"), null, Access.DEFAULT))
            .toList();
    assertThat(Readers.strings(FirecrackerDrives.of(disks), "path_on_host"))
        .containsExactlyElementsOf(sources());
  }
}
