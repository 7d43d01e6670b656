package dev.keg.backup.save;

import dev.keg.backup.archive.write.BackupListener;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.util.function.Supplier;

/** Is told how the saving of volumes goes on. */
public interface SaveListener {
  /**
   * A volume's turn.
   *
   * @param expected about how much there is to read; who asks may wait for a look at all of it
   */
  BackupListener begin(VolumeName volume, Supplier<Size> expected);

  /** Nothing more will be read of it, whether or not it was saved. */
  void end(VolumeName volume);
}
