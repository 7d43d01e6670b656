package dev.keg.health;

import dev.keg.usage.Room;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks whether a file system is nearly full, in bytes or in inodes.
 *
 * @param subject the volume or the directory on it
 * @param whose the beginning of the problem's text
 * @param bytesRemedy how to free bytes
 * @param filesRemedy how to free inodes
 */
record Fullness(String subject, String whose, String bytesRemedy, String filesRemedy) {
  private static final int NEARLY_PERCENT = 90;
  private static final int CRITICAL_PERCENT = 98;

  List<Finding> of(Room room) {
    List<Finding> findings = new ArrayList<>();
    // Space that is reserved for root is not free to anybody else.
    long percent = percent(room.available().bytes(), room.total().bytes());
    if (percent >= NEARLY_PERCENT) {
      findings.add(
          finding(
              percent,
              "%s %d%% full: %s left of %s"
                  .formatted(whose, percent, room.available().human(), room.total().human()),
              "writes to volumes will fail",
              bytesRemedy));
    }
    long files = percent(room.freeFiles(), room.files());
    if (files >= NEARLY_PERCENT) {
      findings.add(
          finding(
              files,
              "%s %d%% full of files: %d inodes left of %d"
                  .formatted(whose, files, room.freeFiles(), room.files()),
              "no new file can be created, though there are free bytes",
              filesRemedy));
    }
    return findings;
  }

  private static long percent(long left, long total) {
    return total <= 0 ? 0 : Math.round(Math.floor(100 - left * 100.0 / total));
  }

  private Finding finding(long percent, String problem, String consequence, String remedy) {
    Finding finding = new Finding(subject, problem, consequence, remedy);
    return percent >= CRITICAL_PERCENT ? finding.critical() : finding;
  }
}
