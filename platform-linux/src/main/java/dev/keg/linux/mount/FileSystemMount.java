package dev.keg.linux.mount;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountFlag;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file system to be mounted.
 *
 * @param options the file system's own options
 * @param propagation null for the kernel's default
 */
public record FileSystemMount(
    String type,
    String source,
    Set<MountFlag> flags,
    List<FileSystemOption> options,
    @Nullable MountPropagation propagation) {
  public FileSystemMount {
    flags = Set.copyOf(flags);
    options = List.copyOf(options);
  }

  public FileSystemMount(
      String type, String source, Set<MountFlag> flags, List<FileSystemOption> options) {
    this(type, source, flags, options, null);
  }
}
