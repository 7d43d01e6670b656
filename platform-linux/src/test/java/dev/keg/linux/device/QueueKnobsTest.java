package dev.keg.linux.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.linux.mount.ProcMounts;
import dev.keg.tuning.Knob;
import dev.keg.tuning.Untunable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a fake sysfs of ordinary files. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no sysfs")
class QueueKnobsTest {
  private static final String TABLE =
      """
      20 1 8:1 / / rw - ext4 /dev/sda1 rw
      21 20 8:2 / /srv rw - xfs /dev/sda2 rw
      22 20 8:1 /elsewhere /bound rw - ext4 /dev/sda1 rw
      23 20 7:0 / /v/loop/_data rw - ext4 /dev/loop0 rw
      24 20 7:0 / /mnt rw - ext4 /dev/loop0 rw
      25 20 253:0 / /v/crypt/_data rw - ext4 /dev/mapper/crypt rw
      26 20 253:1 / /v/raid/_data rw - ext4 /dev/mapper/raid rw
      27 20 0:50 / /v/memory/_data rw - tmpfs tmpfs rw
      28 20 0:51 / /v/share/_data rw - nfs4 server:/export rw
      """;

  @TempDir Path sysfs;

  private QueueKnobs knobs;
  private ProcMounts table;

  @BeforeEach
  void disks() throws IOException {
    table = ProcMounts.parse(TABLE.getBytes(UTF_8));
    knobs = new QueueKnobs(new LinuxDevices(() -> table, sysfs), sysfs);
    Path sda = device("sda", "8:0", "none [mq-deadline] kyber");
    partition(sda, "sda1", "8:1");
    partition(sda, "sda2", "8:2");
    Path loop = device("loop0", "7:0", "[none] mq-deadline");
    Path crypt = device("dm-0", "253:0", "none");
    slave(crypt, loop);
    Path raid = device("dm-1", "253:1", "none");
    slave(raid, device("sdb", "8:16", "[none]"));
    slave(raid, device("sdc", "8:32", "[none]"));
    Files.createDirectories(sysfs.resolve("class/bdi/0:51"));
    Files.writeString(sysfs.resolve("class/bdi/0:51/read_ahead_kb"), "128\n");
  }

  private Path device(String name, String number, String scheduler) throws IOException {
    Path device = sysfs.resolve("devices").resolve(name);
    Files.createDirectories(device.resolve("queue"));
    Files.createDirectories(device.resolve("slaves"));
    Files.writeString(device.resolve("queue/scheduler"), scheduler + "\n");
    Files.writeString(device.resolve("queue/read_ahead_kb"), "256\n");
    link(device, number);
    return device;
  }

  private void partition(Path disk, String name, String number) throws IOException {
    Path partition = Files.createDirectories(disk.resolve(name));
    Files.writeString(partition.resolve("partition"), "1\n");
    link(partition, number);
  }

  private void link(Path device, String number) throws IOException {
    Path links = Files.createDirectories(sysfs.resolve("dev/block"));
    Files.createSymbolicLink(links.resolve(number), device);
  }

  private static void slave(Path mapping, Path below) throws IOException {
    Files.createSymbolicLink(mapping.resolve("slaves").resolve(below.getFileName()), below);
  }

  private Knob scheduler(String path) throws Untunable, IOException {
    Path real = Path.of(path);
    return knobs.scheduler(table, table.holding(real).orElseThrow(), real);
  }

  private Knob readahead(String path) throws Untunable, IOException {
    Path real = Path.of(path);
    return knobs.readahead(table, table.holding(real).orElseThrow(), real);
  }

  @ParameterizedTest
  @CsvSource({
    "/v/plain/_data, sda, mq-deadline",
    "/srv/x,         sda, mq-deadline",
    "/v/loop/_data,  loop0, none",
    "/v/crypt/_data, loop0, none",
  })
  void the_scheduler_is_that_of_the_device_at_the_bottom(String path, String device, String value)
      throws Exception {
    assertThat(scheduler(path).place()).isEqualTo(device);
    assertThat(scheduler(path).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "/v/plain/_data, sda,            262144",
    "/v/crypt/_data, dm-0,           262144",
    "/v/share/_data, server:/export, 131072",
  })
  void readahead_is_that_of_the_device_that_is_mounted(String path, String place, String bytes)
      throws Exception {
    assertThat(readahead(path).place()).isEqualTo(place);
    assertThat(readahead(path).value()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "/v/memory/_data, no scheduler: tmpfs (tmpfs) is not a block device of this machine",
    "/v/share/_data,  no scheduler: server:/export (nfs4) is not a block device of this machine",
    "/v/raid/_data,   'no single scheduler: dm-1 consists of sdb, sdc'",
  })
  void what_has_no_one_queue_has_no_scheduler(String path, String why) {
    assertThatThrownBy(() -> scheduler(path)).isInstanceOf(Untunable.class).hasMessage(why);
  }

  @Test
  void memory_reads_nothing_ahead() {
    assertThatThrownBy(() -> readahead("/v/memory/_data"))
        .hasMessage("no readahead: tmpfs (tmpfs) does not read from a device");
  }

  @Test
  void the_schedulers_that_there_are_can_be_set() throws Exception {
    Knob knob = scheduler("/srv");

    assertThat(knob.choices()).containsExactly("none", "mq-deadline", "kyber");
    // An ordinary file keeps the value, which the kernel would show in brackets.
    knob.set("kyber");
    assertThat(Files.readString(sysfs.resolve("devices/sda/queue/scheduler"))).isEqualTo("kyber");
  }

  @Test
  void readahead_is_written_in_kib() throws Exception {
    readahead("/v/loop/_data").set("4194304");

    assertThat(Files.readString(sysfs.resolve("devices/loop0/queue/read_ahead_kb")))
        .isEqualTo("4096");
  }

  @Test
  void what_the_kernel_makes_another_value_of_is_refused() {
    assertThatThrownBy(() -> readahead("/v/loop/_data").set("4097"))
        .hasMessage("loop0 has readahead 4KiB instead of 4.001KiB");
    assertThat(sysfs.resolve("devices/loop0/queue/read_ahead_kb")).hasContent("256");
  }

  /** Each file system once, except the volume's own at other mount points. */
  @Test
  void sharers_are_the_other_file_systems_of_the_device() throws Exception {
    assertThat(scheduler("/v/plain/_data").sharers()).containsExactly("/", "/srv");
    assertThat(scheduler("/srv").sharers()).containsExactly("/");
    assertThat(scheduler("/v/loop/_data").sharers()).containsExactly("/v/crypt/_data");
    assertThat(readahead("/v/share/_data").sharers()).isEqualTo(List.of());
  }

  @Test
  void a_bind_mount_of_the_hosts_files_is_not_its_own() throws Exception {
    assertThat(scheduler("/bound").sharers()).containsExactly("/", "/srv");
  }
}
