package dev.keg.linux;

import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import dev.keg.platform.SystemInfo;
import dev.keg.platform.SystemInfo.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Linux reports about itself in text files. */
final class LinuxInfo {
  private static final Path OS_RELEASE = Path.of("/etc/os-release");
  private static final Path KERNEL_RELEASE = Path.of("/proc/sys/kernel/osrelease");
  private static final Path FILE_SYSTEMS = Path.of("/proc/filesystems");
  private static final String NAME = "PRETTY_NAME=";

  private LinuxInfo() {}

  static SystemInfo read(Map<String, String> environment) {
    InstalledTools tools = new InstalledTools(environment, _ -> {});
    return new SystemInfo(
        text(OS_RELEASE).map(LinuxInfo::release).orElse(""),
        "Linux %s %s"
            .formatted(
                text(KERNEL_RELEASE).map(String::strip).orElse(""), System.getProperty("os.arch")),
        text(FILE_SYSTEMS).map(LinuxInfo::fileSystems),
        Tool.known().stream()
            .map(Tool::of)
            .map(tool -> program(tool, tools.has(tool.program())))
            .toList());
  }

  private static Program program(Tool tool, boolean installed) {
    return new Program(tool.program(), tool.debianPackage(), installed);
  }

  /** Empty if the file cannot be read; a container may hide it. */
  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /**
   * The human-readable name in os-release(5):
   *
   * <pre>
   * PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
   * ID=debian
   * </pre>
   */
  static String release(String osRelease) {
    return osRelease
        .lines()
        .filter(line -> line.startsWith(NAME))
        .map(line -> line.substring(NAME.length()).strip())
        .map(value -> value.replaceAll("^\"(.*)\"$|^'(.*)'$", "$1$2"))
        .findFirst()
        .orElse("");
  }

  /**
   * The names in /proc/filesystems, where {@code nodev} marks a type that needs no disk:
   *
   * <pre>
   * nodev	tmpfs
   * 	ext4
   * </pre>
   */
  static List<String> fileSystems(String proc) {
    return proc.lines()
        .map(line -> line.substring(line.indexOf('\t') + 1).strip())
        .filter(name -> !name.isEmpty())
        .sorted()
        .toList();
  }
}
