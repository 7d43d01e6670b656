package dev.keg.linux.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.activity.DeviceLog.Failure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLogTest {
  private static final Duration UPTIME = Duration.ofSeconds(1000);

  private static List<Failure> parse(String message) {
    return KernelLog.parse("[  900.683935] " + message + "\n", UPTIME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sda|I/O error, dev sda, sector 8 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2",
        "nvme0n1|blk_update_request: critical medium error, dev nvme0n1, sector 17 op 0x0:(READ)",
        "sdb|print_req_error: I/O error, dev sdb, sector 8",
        "loop0|Buffer I/O error on dev loop0, logical block 0, async page read",
        "dm-3|Buffer I/O error on device dm-3, logical block 4",
        "loop1|EXT4-fs error (device loop1): ext4_find_entry:1683: inode #2: comm ls: reading",
        "loop2|BTRFS critical (device loop2): corrupt leaf: root=1 block=30490624",
        "loop2|BTRFS error (device loop2 state EA): bdev /dev/loop2 errs: wr 1, rd 0, flush 0",
        "loop2|BTRFS: error (device loop2) in btrfs_commit_transaction:2457: errno=-5 IO failure",
        "loop3|XFS (loop3): Metadata corruption detected at xfs_agi_verify+0x1e8/0x2a0 [xfs]",
        "loop3|XFS (loop3): metadata I/O error in \"xfs_read_agi+0xa4/0x130\" at daddr 0x2 len 1",
        "dm-0|XFS (dm-0): Log I/O error (0x2) detected at xlog_ioend_work. Shutting down"
            + " filesystem."
      })
  void a_failure_names_its_device(String device, String message) {
    assertThat(parse(message))
        .containsExactly(new Failure(device, Duration.ofSeconds(100), message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loop0: detected capacity change from 0 to 40960",
        "EXT4-fs (loop0): mounted filesystem 89247b46 r/w with ordered data mode.",
        "XFS (loop0): Ending clean mount",
        "BTRFS info (device loop0): first mount of filesystem 0f",
        "operation not supported error, dev loop0, sector 0 op 0x9:(WRITE_ZEROES)",
        "usb 1-1: device descriptor read/64, error -71"
      })
  void lines_that_are_not_failures_of_a_device_are_left_out(String message) {
    assertThat(parse(message)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0,20480,0", "20480,0,0", "20480,40960,1"})
  void a_failure_counts_until_the_device_shows_something_else(
      String before, String after, int failures) {
    String log =
        """
        [  900.1] I/O error, dev loop0, sector 8
        [  900.2] I/O error, dev sda, sector 8
        [  901.3] loop0: detected capacity change from %s to %s
        """;

    assertThat(KernelLog.parse(log.formatted(before, after), UPTIME)).hasSize(1 + failures);
  }

  @Test
  void a_line_without_a_time_is_left_out() {
    assertThat(KernelLog.parse("I/O error, dev sda, sector 8\n\n", UPTIME)).isEmpty();
  }
}
