package dev.keg.linux.filesystem;

import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.Optional;

/** A file system that can be made on a disk. */
public sealed interface DiskFileSystem permits LinuxFileSystem, Ntfs {
  static DiskFileSystem of(String word) {
    return word.equals("ntfs") ? new Ntfs() : LinuxFileSystem.of(word);
  }

  /** What the options call it. */
  String word();

  /** Its makers refuse less. */
  Size smallest();

  /** Makes it on a device or in an image; its root directory is empty. */
  void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException;

  /**
   * What a new file system is to be like.
   *
   * @param label shortened to what it has room for
   * @param allocated whether the blocks below it are there to stay, so that none is discarded
   * @param journal how many MiB it should have; nothing for what its maker chooses
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
