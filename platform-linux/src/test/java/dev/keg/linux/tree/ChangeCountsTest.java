package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.ProcMounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class ChangeCountsTest {
  private static final String STAT = "1 0 8 1 5 0 %s 2 0 3 3";

  @TempDir private Path directory;
  private ChangeCounts counts;

  @BeforeEach
  void a_kernel_with_a_disk_of_two_partitions() throws IOException {
    counts = new ChangeCounts(directory.resolve("proc"), directory.resolve("sys"));
    write("proc/sys/kernel/random/boot_id", "b00t");
    write("sys/devices/sda/queue/iostats", "1");
    write("sys/devices/sda/sda1/partition", "1");
    written("8");
    Files.createDirectories(directory.resolve("sys/dev/block"));
    Files.createSymbolicLink(
        directory.resolve("sys/dev/block/8:1"), directory.resolve("sys/devices/sda/sda1"));
    Files.createDirectories(directory.resolve("sys/fs/ext4/sda1"));
    write("proc/fs/jbd2/sda1-8/info", "29 transactions (26 requested), each up to 5461 blocks\n");
    write("sys/fs/xfs/sda1/log/log_head_lsn", "1:163\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void written(String sectors) throws IOException {
    write("sys/devices/sda/sda1/stat", STAT.formatted(sectors));
  }

  private static Mount mount(String type) throws IOException {
    String line = "36 35 8:1 / /srv rw - %s /dev/sda1 rw\n".formatted(type);
    return ProcMounts.parse(line.getBytes(StandardCharsets.UTF_8)).mounts().getFirst();
  }

  private String of(String type) throws IOException {
    return counts.of(mount(type)).orElse("nothing");
  }

  @Test
  void what_is_written_and_what_the_journal_counts_are_both_told() throws IOException {
    String before = of("ext4");
    assertThat(before)
        .startsWith("b00t ")
        .endsWith(" 8 29 transactions (26 requested), each up to 5461 blocks");

    written("16");
    String more = of("ext4");
    write("proc/fs/jbd2/sda1-8/info", "30 transactions\n");

    assertThat(more).isNotEqualTo(before);
    assertThat(of("ext4")).isNotEqualTo(more).endsWith(" 16 30 transactions");
    assertThat(of("xfs")).endsWith(" 16 1:163");
  }

  @Test
  void a_file_system_that_is_mounted_again_is_another_one() throws IOException {
    String before = of("ext4");
    Files.createDirectory(directory.resolve("another"));
    Files.delete(directory.resolve("sys/fs/ext4/sda1"));
    Files.move(directory.resolve("another"), directory.resolve("sys/fs/ext4/sda1"));

    assertThat(of("ext4")).isNotEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "nfs4", "overlay", "f2fs", "btrfs"})
  void others_tell_nothing(String type) throws IOException {
    assertThat(of(type)).isEqualTo("nothing");
  }

  @Test
  void a_journal_on_another_device_tells_nothing() throws IOException {
    Files.delete(directory.resolve("proc/fs/jbd2/sda1-8/info"));

    assertThat(of("ext4")).isEqualTo("nothing");
  }

  @Test
  void a_device_that_does_not_count_tells_nothing() throws IOException {
    write("sys/devices/sda/queue/iostats", "0");
    assertThat(of("ext4")).isEqualTo("nothing");

    write("sys/devices/sda/queue/iostats", "1");
    written("0");
    assertThat(of("xfs")).isEqualTo("nothing");
  }
}
