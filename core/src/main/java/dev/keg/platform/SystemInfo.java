package dev.keg.platform;

import java.util.List;
import java.util.Optional;

/**
 * The operating system's report about itself, for bug reports.
 *
 * @param release the distribution or edition; empty if unknown
 * @param kernel its name, version and processor
 * @param fileSystems the file systems that the kernel supports now, sorted; empty if the system
 *     does not tell
 * @param programs the programs that Keg may run, sorted by name
 */
public record SystemInfo(
    String release, String kernel, Optional<List<String>> fileSystems, List<Program> programs) {
  public SystemInfo {
    fileSystems = fileSystems.map(List::copyOf);
    programs = List.copyOf(programs);
  }

  /** For a system that only reports its name. */
  static SystemInfo named(String name) {
    return new SystemInfo("", name, Optional.empty(), List.of());
  }

  /**
   * A program.
   *
   * @param source the package that contains it
   */
  public record Program(String name, String source, boolean installed) {}
}
