package dev.keg.cli.action;

import dev.keg.backup.browse.BackupPath;
import dev.keg.backup.browse.BackupTree;
import dev.keg.backup.browse.Browsing;
import dev.keg.backup.browse.Change;
import dev.keg.backup.browse.TreeDifference;
import dev.keg.backup.replica.BackupChoice;
import dev.keg.cli.output.ChangeLine;
import dev.keg.cli.output.FileLine;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.tree.TreePath;
import java.util.List;

/** {@code keg backups diff}: compares two backups of a volume, or one and the newest. */
public record CompareBackups(Session session, Browsing browsing, FileLine.Style style) {
  public void run(List<String> words) {
    WrongUse.throwIf(words.size() > 2, "diff takes two backups");
    BackupPath before = BackupPath.parse(words.getFirst(), session.clock());
    BackupPath after =
        words.size() == 1 ? before.in(new BackupChoice.Latest()) : other(before, words.get(1));
    try (BackupTree one = browsing.open(before);
        BackupTree two = browsing.open(after)) {
      requireEither(one, two, before.path());
      new TreeDifference(one, two).each(before.path(), this::print);
    }
  }

  /** The other backup of the same volume, or of another volume. */
  private BackupPath other(BackupPath before, String word) {
    return BackupChoice.parse(word, session.clock())
        .map(before::in)
        .orElseGet(
            () -> {
              BackupPath after = BackupPath.parse(word, session.clock());
              WrongUse.throwIf(
                  !after.path().isRoot() && !after.path().equals(before.path()),
                  "diff compares the same path in both backups");
              return after;
            });
  }

  private static void requireEither(BackupTree one, BackupTree two, TreePath path) {
    if (one.find(path).isEmpty()) {
      Browsing.require(two, path);
    }
  }

  private void print(Change change) {
    session.streams().out().println(ChangeLine.in(style, change));
  }
}
