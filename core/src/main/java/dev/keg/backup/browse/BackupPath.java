package dev.keg.backup.browse;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.error.InvalidInput.InvalidBackupPath;
import dev.keg.tree.TreePath;
import dev.keg.volume.VolumeName;
import java.time.Clock;
import java.util.Optional;

/**
 * A place in a backup, {@code VOLUME[@BACKUP][:PATH]}; by default the newest backup and the
 * volume's root. Since a time contains colons, the longest prefix that is valid as a backup is
 * taken.
 */
public record BackupPath(VolumeName volume, BackupChoice backup, TreePath path) {
  private static final String GRAMMAR =
      "write VOLUME[@BACKUP][:PATH], for example db@yesterday:etc/passwd";

  public static BackupPath parse(String text, Clock clock) {
    int at = text.indexOf('@');
    int colon = text.indexOf(':');
    if (at < 0 || (colon >= 0 && colon < at)) {
      int end = colon < 0 ? text.length() : colon;
      return new BackupPath(
          volume(text, text.substring(0, end)),
          new BackupChoice.Latest(),
          path(text, text.substring(end)));
    }
    VolumeName volume = volume(text, text.substring(0, at));
    String rest = text.substring(at + 1);
    for (int end = rest.length(); end > 0; end = rest.lastIndexOf(':', end - 1)) {
      Optional<BackupChoice> choice = BackupChoice.parse(rest.substring(0, end), clock);
      if (choice.isPresent()) {
        return new BackupPath(volume, choice.get(), path(text, rest.substring(end)));
      }
    }
    throw new InvalidBackupPath(
        text,
        "the part after @ is not a backup",
        "write an ID or the beginning of one, a time or day such as 2026-11-28 or yesterday, or"
            + " latest");
  }

  private static VolumeName volume(String text, String name) {
    return VolumeName.lookup(name)
        .orElseThrow(() -> new InvalidBackupPath(text, "it names no volume", GRAMMAR));
  }

  /** A path with or without a leading slash. */
  private static TreePath path(String text, String suffix) {
    String path = suffix.replaceFirst("^:/*", "");
    if (path.isEmpty()) {
      return TreePath.ROOT;
    }
    try {
      return TreePath.parse(path);
    } catch (IllegalArgumentException e) {
      throw new InvalidBackupPath(text, String.valueOf(e.getMessage()), GRAMMAR);
    }
  }

  /** The same place in another backup. */
  public BackupPath in(BackupChoice other) {
    return new BackupPath(volume, other, path);
  }
}
