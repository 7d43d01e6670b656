package dev.keg.linux.filesystem;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.List;

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

  /** Grows a mounted file system to the size of its device; false if this process may not. */
  boolean grow(Tools tools, Path device, Path mountPoint) throws ToolException;

  /** Whether {@link #resize} works and can shrink it, too. */
  boolean resizesUnmounted();

  /** Resizes an unmounted file system; one that is killed meanwhile may be lost. */
  void resize(Tools tools, Path device, Size size) throws ToolException;

  /** Gives an unmounted copy its own identity. */
  void renew(Tools tools, Path device) throws ToolException;
}
