package dev.keg.publish;

import java.nio.file.Path;
import java.util.List;

/** What is mounted at a site. */
public sealed interface MountContent {
  /**
   * A directory or file of the host.
   *
   * @param subpath the part of it to mount; empty for all. Links in it cannot lead out of the root.
   */
  record Tree(Path root, String subpath) implements MountContent {}

  /**
   * A file system that is mounted already, but nowhere yet. It is shown at one site.
   *
   * @param root a path to its root that this process has as long as nobody sees it
   */
  record Unattached(Path root) implements MountContent {}

  /**
   * Memory.
   *
   * @param options options of tmpfs(5), such as {@code size=1m} and {@code noatime}
   */
  record Memory(List<String> options) implements MountContent {
    public Memory {
      options = List.copyOf(options);
    }
  }
}
