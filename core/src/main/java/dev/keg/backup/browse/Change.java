package dev.keg.backup.browse;

import dev.keg.tree.TreePath;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a file between two backups.
 *
 * @param before empty if it is new
 * @param after empty if it is gone
 */
public record Change(Kind kind, Optional<BackedFile> before, Optional<BackedFile> after) {
  /** In the words of an operator. */
  public enum Kind {
    APPEARED,
    /** Its content, its kind, or where a link leads. */
    CHANGED,
    /** Its content is the same; mode, owner, time or extended attributes are not. */
    ATTRIBUTES,
    VANISHED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The later of the two, or the one there is. */
  public BackedFile file() {
    return after.or(() -> before).orElseThrow();
  }

  public TreePath path() {
    return file().path();
  }
}
