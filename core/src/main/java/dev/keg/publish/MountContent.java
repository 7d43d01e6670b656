package dev.keg.publish;

import java.nio.file.Path;
import java.util.List;

/** The content to mount at a site. */
public sealed interface MountContent {
  /**
   * A directory or file of the host.
   *
   * @param subpath the part of it to mount; empty for all. Links in it cannot lead outside the
   *     root.
   */
  record Tree(Path root, String subpath) implements MountContent {}

  /**
   * A detached mount, which will be attached at a single site.
   *
   * @param root a path to its root, valid in this process while the mount is detached
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
