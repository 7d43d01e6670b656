package dev.keg.linux.image;

import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Faults;
import dev.keg.linux.kernel.FakeKernel;
import dev.keg.linux.program.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of every disk that the host accesses through nbd, with fake qemu-img and qemu-nbd.
 */
abstract class NbdDiskContract extends DriverContract {
  private static final int DEVICES = 4;

  final FakeKernel kernel = new FakeKernel();
  private Path system;

  @BeforeEach
  void programs(@TempDir Path system) throws IOException {
    this.system = system;
    byte[] ext4 = new byte[4096];
    ext4[1080] = 0x53;
    ext4[1081] = (byte) 0xEF;
    Files.createDirectories(system.resolve("dev"));
    for (int i = 0; i < DEVICES; i++) {
      Files.createDirectories(system.resolve("sys/nbd" + i));
      Files.writeString(system.resolve("sys/nbd" + i + "/size"), "0");
      Files.write(device(i), ext4);
    }
    kernel.tools.programs.put("qemu-img", this::qemuImg);
    kernel.tools.programs.put("qemu-nbd", this::qemuNbd);
  }

  final Path device(int number) {
    return system.resolve("dev/nbd" + number);
  }

  /** The header of an empty qcow2, followed by the name of its source. */
  private String qemuImg(Tool tool) {
    try {
      ByteBuffer header = ByteBuffer.allocate(512);
      header.put(new byte[] {'Q', 'F', 'I', (byte) 0xFB}).putInt(2);
      header.putLong(24, 8 << 20);
      header.putInt(32, tool.toString().contains("encrypt.format=luks") ? 2 : 0);
      Path file =
          tool.arguments().stream()
              .filter(word -> word.endsWith("disk.qcow2"))
              .map(Path::of)
              .findFirst()
              .orElseThrow();
      Files.write(file, header.array());
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String qemuNbd(Tool tool) {
    try {
      String first = tool.arguments().getFirst();
      boolean connect = first.startsWith("--connect=");
      Path device = Path.of(connect ? first.substring(10) : tool.arguments().get(1));
      Path block = system.resolve("sys").resolve(device.getFileName());
      Path pid = block.resolve("pid");
      if (connect) {
        Path process = system.resolve("proc").resolve(device.getFileName());
        Files.createDirectories(process);
        Files.writeString(process.resolve("cmdline"), String.join("\0", tool.arguments()));
        Files.writeString(pid, String.valueOf(device.getFileName()));
        Files.writeString(block.resolve("size"), "16384");
      } else {
        Files.delete(pid);
        Files.writeString(block.resolve("size"), "0");
      }
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected DriverFactory factory() {
    NbdDevices.Host host =
        new NbdDevices.Host(system.resolve("sys"), system.resolve("proc"), system.resolve("dev"));
    return ImageDriver.factory(_ -> kernel.kernel(), host);
  }

  @Override
  protected FakeWorld world() {
    return new FakeWorld() {
      @Override
      public SortedSet<String> standing() {
        SortedSet<String> standing = kernel.standing();
        for (int i = 0; i < DEVICES; i++) {
          if (Files.exists(system.resolve("sys/nbd" + i + "/pid"))) {
            standing.add("nbd" + i);
          }
        }
        return standing;
      }

      @Override
      public Faults faults() {
        return kernel.faults();
      }
    };
  }
}
