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

  /** The value of the {@code fs} option. */
  String word();

  /** The smallest disk that can hold it. */
  Size smallest();

  /** Whether it must be in a partition. */
  default boolean isInPartition() {
    return false;
  }

  /** Creates the file system on a device or in an image, with an empty root directory. */
  void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException;

  /**
   * The settings of a new file system.
   *
   * @param label shortened to the length that the file system allows
   * @param allocated whether its blocks are already allocated and must not be discarded
   * @param journal size in MiB; empty for the default
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
