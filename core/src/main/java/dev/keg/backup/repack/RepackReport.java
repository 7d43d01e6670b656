package dev.keg.backup.repack;

import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.util.List;

/**
 * The result of repacking a repository, or a preview of it.
 *
 * @param objects how many objects were copied in part
 * @param copied how much of them was copied
 * @param deleted data that was deleted, since a rest has replaced it for a day
 * @param waiting data that will be deleted
 * @param unused data that objects keep although no backup needs it
 * @param problems why some objects stay unchanged
 */
public record RepackReport(
    int objects,
    Size copied,
    Size deleted,
    Size waiting,
    Size unused,
    List<VolumeException> problems) {
  /** Nothing can be repacked. */
  static RepackReport nothing(List<? extends VolumeException> problems) {
    return new RepackReport(0, Size.ZERO, Size.ZERO, Size.ZERO, Size.ZERO, List.copyOf(problems));
  }

  public RepackReport {
    problems = List.copyOf(problems);
  }
}
