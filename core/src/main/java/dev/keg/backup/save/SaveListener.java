package dev.keg.backup.save;

import dev.keg.tree.TreeListener;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.util.function.Supplier;

/** Receives the progress of backups. */
public interface SaveListener {
  /**
   * Reading of a volume begins.
   *
   * @param expected determines roughly the amount of data, which may require walking the whole tree
   */
  TreeListener begin(VolumeName volume, Supplier<Size> expected);

  /** Something that the operator should know and that does not affect this backup. */
  void warn(VolumeName volume, String text);

  /** The volume was read, whether or not it was saved. */
  void end(VolumeName volume);
}
