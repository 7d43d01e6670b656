package dev.keg.platform;

import java.util.List;
import java.util.Optional;

/**
 * What an operating system reports about itself, for a report about a bug.
 *
 * @param release the distribution or edition; empty if it is not known
 * @param kernel its name, version and processor
 * @param fileSystems that the kernel knows now, sorted; empty if the system does not tell
 * @param programs that Keg runs at times, sorted by name
 */
public record SystemInfo(
    String release, String kernel, Optional<List<String>> fileSystems, List<Program> programs) {
  public SystemInfo {
    fileSystems = fileSystems.map(List::copyOf);
    programs = List.copyOf(programs);
  }

  /** Of a system that tells nothing but its name. */
  static SystemInfo named(String name) {
    return new SystemInfo("", name, Optional.empty(), List.of());
  }

  /**
   * A program.
   *
   * @param source the package it comes from
   */
  public record Program(String name, String source, boolean installed) {}
}
