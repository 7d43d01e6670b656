package dev.keg.linux.kernel;

import java.util.List;
import java.util.Set;

/** A file system to be mounted; its options are in the file system's own words. */
public record FileSystemMount(
    String type, String source, Set<MountFlag> flags, List<FileSystemOption> options) {
  public FileSystemMount {
    flags = Set.copyOf(flags);
    options = List.copyOf(options);
  }
}
