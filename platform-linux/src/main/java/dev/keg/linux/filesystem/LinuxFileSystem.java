package dev.keg.linux.filesystem;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.List;

/** A file system of Linux itself, and the programs that make and change it. */
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

  /** Whether its root directory belongs from the beginning to whom it should. */
  boolean makesOwner();

  List<FileSystemOption> mountOptions(boolean manyWrites);

  /** Makes a mounted one as large as its device has become. */
  void grow(Tools tools, Path device, Path mountPoint) throws ToolException;

  /** Whether {@link #resize} can be used, and it can become smaller as well. */
  boolean resizesUnmounted();

  /** Makes one that is not mounted so large. */
  void resize(Tools tools, Path device, Size size) throws ToolException;

  /** Makes a copy that is not mounted another file system than the one it is a copy of. */
  void renew(Tools tools, Path device) throws ToolException;
}
