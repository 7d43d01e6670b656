package dev.keg.backup.browse;

import dev.keg.tree.TreePath;
import java.util.Locale;
import java.util.Optional;

/**
 * How a file changed between two backups.
 *
 * @param before empty if it is new
 * @param after empty if it was removed
 */
public record Change(Kind kind, Optional<BackedFile> before, Optional<BackedFile> after) {
  /** The kind of change, in the operator's words. */
  public enum Kind {
    APPEARED,
    /** Its content or type changed, or a link's target. */
    CHANGED,
    /** Its content is the same, but its mode, owner, time or extended attributes changed. */
    ATTRIBUTES,
    VANISHED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The later of the two, or the only one. */
  public BackedFile file() {
    return after.or(() -> before).orElseThrow();
  }

  public TreePath path() {
    return file().path();
  }
}
