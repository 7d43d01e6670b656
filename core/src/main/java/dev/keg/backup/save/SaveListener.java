package dev.keg.backup.save;

import dev.keg.tree.TreeListener;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.util.function.Supplier;

/** Hears of the progress of backups. */
public interface SaveListener {
  /**
   * A volume is about to be read.
   *
   * @param expected roughly how much there is to read; finding out may take a walk of the whole
   *     tree
   */
  TreeListener begin(VolumeName volume, Supplier<Size> expected);

  /** Something the operator should know, that does not touch this backup. */
  void warn(VolumeName volume, String text);

  /** The volume has been read, whether or not it was saved. */
  void end(VolumeName volume);
}
