package dev.keg.linux.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keg.activity.DeviceLog;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The messages of the kernel about block devices, by dmesg(1). */
public final class KernelLog implements DeviceLog {
  private static final Path UPTIME = Path.of("/proc/uptime");
  private static final Pattern LINE = Pattern.compile("\\[ *(\\d{1,12})\\.\\d+\\] (.*)");

  /** Messages of failures; the only group is the name of the device. */
  private static final List<Pattern> FAILURES =
      List.of(
          Pattern.compile("(?:\\w+: )?(?:I/O|critical [\\w ]+|protection) error, dev ([\\w-]+),.*"),
          Pattern.compile("Buffer I/O error on dev(?:ice)? ([\\w-]+),.*"),
          Pattern.compile("(?:EXT4-fs|BTRFS):? (?:error|critical) \\(device ([\\w-]+)[ )].*"),
          Pattern.compile(
              "XFS \\(([\\w-]+)\\): .*(?:I/O error|nternal error|orruption|shut|Shutting) ?.*"));

  /** Messages that a device now shows something else or nothing; the only group is its name. */
  private static final Pattern OTHER_USE =
      Pattern.compile("([\\w-]+): detected capacity change from (?:0 to \\d+|\\d+ to 0)");

  private final Tools tools;

  public KernelLog(Tools tools) {
    this.tools = tools;
  }

  @Override
  public List<Failure> failures() {
    try {
      long uptime = (long) Double.parseDouble(Files.readString(UPTIME).split(" ", 2)[0]);
      return tools.converse(
          Tool.of("dmesg"),
          (_, _, log) -> parse(new String(log.readAllBytes(), UTF_8), Duration.ofSeconds(uptime)));
    } catch (ToolException | ErrnoException | IOException _) {
      return List.of(); // Only root may read the log, and a container has none.
    }
  }

  /**
   * Parses the output of dmesg, whose lines begin with the seconds since boot. Failures from before
   * a device was reused are left out.
   *
   * <pre>
   * [55350.149167] loop0: detected capacity change from 0 to 20480
   * [55354.683935] I/O error, dev loop0, sector 8 op 0x0:(READ) flags 0x80700 phys_seg 1
   * [55354.684001] EXT4-fs error (device loop0): ext4_find_entry:1683: inode #2: comm ls
   * </pre>
   */
  static List<Failure> parse(String log, Duration uptime) {
    List<Failure> failures = new ArrayList<>();
    for (String line : log.lines().toList()) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches()) {
        Duration ago = uptime.minusSeconds(Long.parseLong(parts.group(1)));
        String message = parts.group(2);
        Matcher other = OTHER_USE.matcher(message);
        if (other.matches()) {
          failures.removeIf(failure -> failure.device().equals(other.group(1)));
        }
        FAILURES.stream()
            .map(pattern -> pattern.matcher(message))
            .filter(Matcher::matches)
            .findFirst()
            .ifPresent(found -> failures.add(new Failure(found.group(1), ago, message)));
      }
    }
    return failures;
  }
}
