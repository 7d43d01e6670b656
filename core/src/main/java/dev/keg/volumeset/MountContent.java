package dev.keg.volumeset;

import java.nio.file.Path;
import java.util.List;

/** What is shown at a site. */
public sealed interface MountContent {
  /**
   * A directory or file of the host.
   *
   * @param subpath what of it is shown; empty for all. No link in it leads out of the root.
   */
  record Tree(Path root, String subpath) implements MountContent {}

  /**
   * Memory.
   *
   * @param options in the words of tmpfs(5), such as {@code size=1m} and {@code noatime}
   */
  record Memory(List<String> options) implements MountContent {
    public Memory {
      options = List.copyOf(options);
    }
  }
}
