package dev.keg.linux.filesystem;

import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.Optional;

/** A file system that can be created on a disk. */
public sealed interface DiskFileSystem permits LinuxFileSystem, Ntfs, Fat {
  static DiskFileSystem of(String word) {
    return switch (word) {
      case "ntfs" -> new Ntfs();
      case Fat.FAT32 -> new Fat(false);
      case Fat.EXFAT -> new Fat(true);
      default -> LinuxFileSystem.of(word);
    };
  }

  /** The name in options. */
  String word();

  /** The smallest disk that can have it. */
  Size smallest();

  /** Whether the disk needs a partition for it. */
  default boolean isInPartition() {
    return false;
  }

  /** Creates it on a device or in an image, with an empty root directory. */
  void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException;

  /**
   * The settings of a new file system.
   *
   * @param label shortened to the length that the file system allows
   * @param allocated whether its blocks are allocated and must not be discarded
   * @param journal its size in MiB; empty for the default
   */
  record NewFileSystem(
      Optional<String> label, boolean allocated, Optional<Integer> journal, Ownership ownership) {
    public static NewFileSystem labelled(String label) {
      return new NewFileSystem(Optional.of(label), false, Optional.empty(), Ownership.DEFAULT);
    }

    Optional<String> label(int longest) {
      return label.map(text -> text.substring(0, Math.min(text.length(), longest)));
    }
  }
}
