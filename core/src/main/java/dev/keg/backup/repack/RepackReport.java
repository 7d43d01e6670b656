package dev.keg.backup.repack;

import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.util.List;

/**
 * What became of a repository that was repacked, or would.
 *
 * @param objects how many objects were copied in part
 * @param copied how much of them
 * @param deleted what was deleted, since a rest has been in its place for a day
 * @param waiting what will be deleted
 * @param unused what is kept in objects though no backup needs it
 * @param problems why some objects stay as they are
 */
public record RepackReport(
    int objects,
    Size copied,
    Size deleted,
    Size waiting,
    Size unused,
    List<VolumeException> problems) {
  /** Nothing can be done. */
  static RepackReport nothing(List<? extends VolumeException> problems) {
    return new RepackReport(0, Size.ZERO, Size.ZERO, Size.ZERO, Size.ZERO, List.copyOf(problems));
  }

  public RepackReport {
    problems = List.copyOf(problems);
  }
}
