package dev.keg.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.disk.DiskFormat;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.EncryptionOptions;
import dev.keg.linux.driver.Key;
import dev.keg.linux.kernel.FakeKernel;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NbdDevicesTest {
  private static final DriverOperation MOUNT = new DriverOperation("mount", new VolumeName("db"));
  private static final QemuKey NO_KEY = QemuKey.NONE;

  private final FakeKernel kernel = new FakeKernel();
  private Path root;
  private NbdDevices nbd;

  @BeforeEach
  void devices(@TempDir Path root) throws IOException {
    this.root = root;
    this.nbd =
        new NbdDevices(
            kernel.tools,
            new NbdDevices.Host(root.resolve("sys"), root.resolve("proc"), Path.of("/dev")));
    for (String name : new String[] {"nbd0", "nbd1", "nbd10", "loop0"}) {
      device(name);
    }
    kernel.tools.programs.put("qemu-nbd", this::qemuNbd);
  }

  private void device(String name) throws IOException {
    Path block = Files.createDirectories(root.resolve("sys").resolve(name));
    Files.writeString(block.resolve("size"), "0\n");
  }

  /** Serves an image like qemu-nbd, which is visible in the system's files. */
  private String qemuNbd(Tool tool) {
    try {
      if (tool.arguments().getFirst().equals("--disconnect")) {
        Path block = block(tool.arguments().get(1));
        Files.delete(block.resolve("pid"));
        Files.writeString(block.resolve("size"), "0\n");
        return "";
      }
      Path block = block(tool.arguments().getFirst().substring("--connect=".length()));
      Path process = Files.createDirectories(root.resolve("proc/4711"));
      Files.writeString(
          process.resolve("cmdline"),
          "qemu-nbd\0" + String.join("\0", tool.arguments()) + "\0",
          ProcMounts.NAMES);
      Files.writeString(block.resolve("pid"), "4711\n");
      Files.writeString(block.resolve("size"), "2048\n");
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path block(String device) {
    return root.resolve("sys").resolve(Path.of("/dev").relativize(Path.of(device)));
  }

  @Test
  void an_image_gets_the_first_free_device_with_its_format() throws Exception {
    Files.writeString(root.resolve("sys/nbd0/pid"), "1\n");

    Path device = nbd.connect(image(), true, NO_KEY);

    assertThat(device).isEqualTo(Path.of("/dev/nbd1"));
    assertThat(kernel.journal)
        .containsExactly("qemu-nbd --connect=/dev/nbd1 --read-only -f qcow2 /d/disk.qcow2");
  }

  @Test
  void a_device_that_another_process_takes_first_is_passed_over() throws Exception {
    kernel.tools.programs.put(
        "qemu-nbd",
        tool -> {
          if (!tool.arguments().getFirst().equals("--connect=/dev/nbd0")) {
            return qemuNbd(tool);
          }
          try {
            Files.writeString(root.resolve("sys/nbd0/pid"), "1\n");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          throw ToolException.failed(tool, 1, "Failed to set NBD socket");
        });

    assertThat(nbd.connect(image(), false, NO_KEY)).isEqualTo(Path.of("/dev/nbd1"));
  }

  @Test
  void a_failure_with_the_device_still_free_is_reported() {
    kernel.tools.programs.put(
        "qemu-nbd",
        tool -> {
          throw ToolException.failed(tool, 1, "Image is corrupt");
        });

    assertThatThrownBy(() -> nbd.connect(image(), false, NO_KEY))
        .hasMessageContaining("Image is corrupt");
    assertThat(kernel.journal).hasSize(1);
  }

  @Test
  void an_image_that_is_connected_keeps_its_device() throws Exception {
    Path device = nbd.connect(image(), false, NO_KEY);

    assertThat(nbd.connect(image(), false, NO_KEY)).isEqualTo(device);
    assertThat(nbd.of(disk("/d/disk.qcow2"))).hasValue(device);
    assertThat(nbd.of(disk("/d/disk"))).isEmpty();
  }

  @Test
  void an_image_whose_name_is_not_ascii_is_found_again() throws Exception {
    Path device = nbd.connect(disk("/d/größe.qcow2"), false, NO_KEY);

    assertThat(nbd.of(disk("/d/größe.qcow2"))).hasValue(device);
  }

  @Test
  void an_image_is_disconnected_once() throws Exception {
    var _ = nbd.connect(image(), false, NO_KEY);

    nbd.disconnect(disk("/d/disk.qcow2"));
    nbd.disconnect(disk("/d/disk.qcow2"));

    assertThat(kernel.journal).endsWith("qemu-nbd --disconnect /dev/nbd0").hasSize(2);
  }

  @Test
  void the_module_is_loaded_where_there_is_no_device() throws Exception {
    for (String name : new String[] {"nbd0", "nbd1", "nbd10"}) {
      Files.delete(root.resolve("sys").resolve(name).resolve("size"));
      Files.delete(root.resolve("sys").resolve(name));
    }
    kernel.tools.programs.put(
        "modprobe",
        _ -> {
          try {
            device("nbd0");
            return "";
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });

    assertThat(nbd.connect(image(), false, NO_KEY)).isEqualTo(Path.of("/dev/nbd0"));
    assertThat(kernel.journal).startsWith("modprobe nbd");
  }

  @Test
  void no_free_device_is_reported() throws Exception {
    for (String name : new String[] {"nbd0", "nbd1", "nbd10"}) {
      Files.writeString(root.resolve("sys").resolve(name).resolve("pid"), "1\n");
    }

    assertThatThrownBy(() -> nbd.connect(image(), false, NO_KEY))
        .isInstanceOf(IOException.class)
        .hasMessage("all nbd devices are taken");
  }

  @Test
  void the_program_of_an_encrypted_image_reads_the_pass_phrase_and_is_found_again()
      throws Exception {
    DiskFile image = new DiskFile(Path.of("/d/a,b.luks"), DiskFormat.LUKS);
    EncryptionOptions encryption = new EncryptionOptions(Optional.empty());
    Key phrase = Key.of(MOUNT, encryption, _ -> Optional.of("xyzzy".toCharArray()));

    Path device = nbd.connect(image, false, new QemuKey(new QemuKey.Given(MOUNT, phrase)));

    assertThat(kernel.journal)
        .containsExactly(
            "qemu-nbd --connect=/dev/nbd0 --object secret,id=key,file=/dev/stdin --image-opts"
                + " driver=luks,key-secret=key,file.driver=file,file.filename=/d/a,,b.luks");
    assertThat(nbd.of(image)).hasValue(device);
    nbd.disconnect(image);
    assertThat(nbd.of(image)).isEmpty();
  }

  private static DiskFile image() {
    return disk("/d/disk.qcow2");
  }

  private static DiskFile disk(String path) {
    return new DiskFile(Path.of(path), DiskFormat.QCOW2);
  }
}
