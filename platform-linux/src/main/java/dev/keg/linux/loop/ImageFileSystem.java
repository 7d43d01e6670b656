package dev.keg.linux.loop;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.ToolException;
import dev.keg.linux.kernel.Tools;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.List;

/** A file system that an image can have, and the programs that make and change it. */
sealed interface ImageFileSystem permits Ext4, Xfs, Btrfs {
  List<String> WORDS = List.of("ext4", "xfs", "btrfs");

  static ImageFileSystem of(String word) {
    return switch (word) {
      case "xfs" -> new Xfs();
      case "btrfs" -> new Btrfs();
      default -> new Ext4();
    };
  }

  /** What mount(2) and the options call it. */
  String word();

  /** Its makers refuse less. */
  Size smallest();

  /** Makes it on a device or in an image; its root directory is empty. */
  void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException;

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

  /**
   * What a new file system is to be like.
   *
   * @param allocated whether the blocks below it are there to stay, so that none is discarded
   */
  record NewFileSystem(Size size, boolean allocated, boolean manyWrites, Ownership ownership) {}
}
