package dev.keg.linux.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.activity.Counters;
import dev.keg.activity.Device;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.loop.LoopDriver;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * During writes, a device's counters are between the values that other programs read before and
 * after.
 */
@NeedsRoot
@NeedsKernel({"loop", "ext4"})
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
class LinuxDevicesIT {
  private static final int LOOKS = 10;

  @RegisterExtension final MachineState machine = new MachineState();

  private final AtomicBoolean enough = new AtomicBoolean();
  private RealDriver driver;
  private Made made;
  private Device device;
  private CompletableFuture<Void> writer;

  @BeforeEach
  void somebody_writes_to_a_loop_volume() throws IOException {
    driver = new RealDriver(LoopDriver.factory(Kernel::open), machine.directory());
    made = driver.create("db", Map.of("size", "16m"));
    driver.mount(made);
    device = new LinuxDevices().below(made.data()).orElseThrow();
    writer = CompletableFuture.runAsync(() -> write(made.data().resolve("table")));
  }

  private void write(Path table) {
    try (FileChannel file =
        FileChannel.open(table, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; !enough.get(); i++) {
        int _ = file.write(ByteBuffer.allocate(8192), (i % 64) * 8192L);
        file.force(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void unmount() throws IOException {
    enough.set(true);
    writer.join();
    driver.unmount(made);
    driver.remove(made);
  }

  private Counters counters() {
    return device.counters().orElseThrow();
  }

  /**
   * From {@code /proc/diskstats}: reads, sectors read, writes, sectors written, busy milliseconds,
   * and the total milliseconds of all requests.
   */
  private List<Long> diskstats() throws IOException {
    String[] words =
        Files.readAllLines(Path.of("/proc/diskstats")).stream()
            .map(line -> line.strip().split("\\s+", -1))
            .filter(line -> line[2].equals(device.name()))
            .findFirst()
            .orElseThrow();
    return Arrays.stream(new int[] {3, 5, 7, 9, 12, 13})
        .mapToObj(field -> Long.parseLong(words[field]))
        .toList();
  }

  @Test
  void it_counts_as_the_kernel_does() throws IOException {
    long first = counters().writes();
    while (counters().writes() < first + 10) {
      assertThat(writer).isNotDone();
    }
    for (int i = 0; i < LOOKS; i++) {
      List<Long> before = diskstats();
      Counters now = counters();
      List<Long> after = diskstats();

      List<Long> counted =
          List.of(
              now.reads(),
              now.readBytes() / 512,
              now.writes(),
              now.writtenBytes() / 512,
              now.busyMillis().orElseThrow(),
              now.waitedMillis().orElseThrow());
      for (int field = 0; field < counted.size(); field++) {
        assertThat(counted.get(field)).isBetween(before.get(field), after.get(field));
      }
    }
  }

  @Test
  @NeedsTool(value = "iostat", from = "sysstat")
  void it_counts_as_iostat_does() throws Exception {
    for (int i = 0; i < LOOKS; i++) {
      List<Long> before = iostat();
      Counters now = counters();
      List<Long> after = iostat();

      assertThat(now.readBytes() / 1024).isBetween(before.get(0), after.get(0));
      assertThat(now.writtenBytes() / 1024).isBetween(before.get(1), after.get(1));
    }
  }

  /**
   * KiB read and written since the device appeared: {@code loop0 0.00 0.01 0.02 0.00 300 500 0}.
   */
  private List<Long> iostat() throws Exception {
    String line =
        new InstalledTools(Map.of("LC_ALL", "C"), _ -> {})
            .run(Tool.of("iostat", "-d", "-k", device.name()))
            .lines()
            .filter(text -> text.startsWith(device.name() + " "))
            .findFirst()
            .orElseThrow();
    String[] words = line.split("\\s+", -1);
    return List.of(Long.parseLong(words[5]), Long.parseLong(words[6]));
  }
}
