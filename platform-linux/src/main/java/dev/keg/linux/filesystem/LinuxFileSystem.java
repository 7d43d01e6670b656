package dev.keg.linux.filesystem;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A file system of Linux and the programs that create and change it. */
public sealed interface LinuxFileSystem extends DiskFileSystem permits Ext4, Xfs, Btrfs {
  List<String> WORDS = List.of("ext4", "xfs", "btrfs");

  static LinuxFileSystem of(String word) {
    return switch (word) {
      case "ext4" -> new Ext4();
      case "xfs" -> new Xfs();
      case "btrfs" -> new Btrfs();
      default -> throw new IllegalArgumentException("no file system: " + word);
    };
  }

  /** Whether mkfs can set the owner of the root directory. */
  boolean makesOwner();

  List<FileSystemOption> mountOptions(boolean manyWrites);

  /**
   * Grows a mounted file system to the size of its device; false if this process lacks the
   * privilege.
   */
  boolean grow(Tools tools, Path device, Path mountPoint) throws ToolException;

  /** Whether it can shrink, but only while it is mounted. */
  default boolean shrinksMounted() {
    return false;
  }

  /** The smallest size to which the kernel shrinks it; a new one can be smaller. */
  default Size leastShrunk() {
    return smallest();
  }

  /** Shrinks a mounted file system, where supported; it stays intact if this is killed. */
  default void shrink(Tools tools, Path mountPoint, Size size) throws ToolException {
    throw new IllegalStateException(word() + " does not shrink while it is mounted");
  }

  /** Whether {@link #resize} works and can also shrink. */
  boolean resizesUnmounted();

  /** Resizes an unmounted file system; if this is killed, the file system may be lost. */
  void resize(Tools tools, Path device, Size size) throws ToolException;

  /** Examines the file system in an unmounted image without changing it. */
  State examine(Tools tools, Path image, Duration limit) throws ToolException, IOException;

  /** The commands that examine and repair it, to show to people. */
  CommandLines programs(Path image);

  /** The result of an examination. */
  enum State {
    SOUND,
    DAMAGED,
    /** It was not unmounted; replaying its journal may be all that it needs. */
    UNFINISHED
  }

  /** Command lines. */
  record CommandLines(String examine, String repair) {}

  /**
   * Runs a program that fails both if it finds a problem and if it cannot examine at all.
   *
   * @param found what a failure says about the file system; empty if the examination did not happen
   */
  static State run(Tools tools, Tool tool, Function<ToolException, Optional<State>> found)
      throws ToolException {
    try {
      var _ = tools.run(tool);
      return State.SOUND;
    } catch (ToolException e) {
      if (e.didNotRun() || e.timedOut()) {
        throw e;
      }
      return found.apply(e).orElseThrow(() -> e);
    }
  }

  /** Gives an unmounted copy a new identity. */
  void renew(Tools tools, Path device) throws ToolException;
}
