package dev.keg.backup.browse;

import dev.keg.backup.archive.Exclusions;
import dev.keg.backup.browse.Change.Kind;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds files by name in all backups, and reports when each appeared, changed and vanished. The
 * patterns are those of {@code --exclude}; a pattern after {@code VOLUME:} applies only to that
 * volume.
 */
public final class NameSearch {
  private static final String LITERAL = "/?[^*?/][^*?]*/[^*?]*[^*?/]";

  private final Browsing browsing;
  private final List<String> patterns;

  public NameSearch(Browsing browsing, List<String> patterns) {
    this.browsing = browsing;
    this.patterns = List.copyOf(patterns);
  }

  /** A change, and the first backup that shows it. */
  public record Event(Backup backup, Change change) {}

  /** The matches, and the backups that cannot be browsed. */
  public record Matches(List<Event> events, List<InvalidArchive> problems) {
    public Matches {
      events = List.copyOf(events);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Searches the backups of one volume of one host, given in order of creation; the events are
   * sorted by path, then by time.
   */
  public Matches in(List<Backup> history) {
    List<String> meant = history.isEmpty() ? List.of() : meant(history.getFirst().record());
    if (meant.isEmpty()) {
      return new Matches(List.of(), List.of());
    }
    List<Event> events = new ArrayList<>();
    List<InvalidArchive> problems = new ArrayList<>();
    Map<TreePath, BackedFile> before = Map.of();
    for (Backup backup : history) {
      try (BackupTree tree = browsing.open(backup)) {
        Map<TreePath, BackedFile> after = matches(tree, meant);
        changes(before, after).forEach(change -> events.add(new Event(backup, change)));
        before = after;
      } catch (InvalidArchive e) {
        problems.add(e);
      }
    }
    events.sort(Comparator.comparing(event -> event.change().path()));
    return new Matches(events, problems);
  }

  /** The patterns that apply to the volume, without its name. */
  private List<String> meant(BackupRecord record) {
    String prefix = record.volume().name() + ":";
    return patterns.stream()
        .filter(text -> text.startsWith(prefix) || !isForOneVolume(text))
        .map(text -> text.startsWith(prefix) ? text.substring(prefix.length()) : text)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private static boolean isForOneVolume(String text) {
    int colon = text.indexOf(':');
    return colon > 0 && VolumeName.lookup(text.substring(0, colon)).isPresent();
  }

  /** Looks up plain paths; only patterns require reading the whole index. */
  private static Map<TreePath, BackedFile> matches(BackupTree tree, List<String> meant) {
    Map<TreePath, BackedFile> matches = new TreeMap<>();
    List<TreePath> paths = meant.stream().flatMap(text -> path(text).stream()).toList();
    if (paths.size() == meant.size()) {
      paths.forEach(
          path -> tree.find(path).ifPresent(file -> matches.put(path, withContent(tree, file))));
      return matches;
    }
    Exclusions names = Exclusions.of(meant);
    for (Iterator<BackedFile> all = tree.walk(TreePath.ROOT); all.hasNext(); ) {
      BackedFile file = all.next();
      if (names.test(file.path())) {
        matches.put(file.path(), withContent(tree, file));
      }
    }
    return matches;
  }

  /** Resolves hard links, so that each name of a file counts separately. */
  private static BackedFile withContent(BackupTree tree, BackedFile file) {
    BackedFile behind = Browsing.behindLink(tree, file);
    Entry entry = new Entry(file.path(), behind.entry().kind(), file.entry().attributes());
    return new BackedFile(entry, behind.mark());
  }

  private static Optional<TreePath> path(String text) {
    try {
      return text.matches(LITERAL)
          ? Optional.of(TreePath.parse(text.replaceFirst("^/", "")))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static List<Change> changes(
      Map<TreePath, BackedFile> before, Map<TreePath, BackedFile> after) {
    List<Change> changes = new ArrayList<>();
    after.forEach(
        (path, file) -> {
          Optional<BackedFile> old = Optional.ofNullable(before.get(path));
          if (old.isEmpty()) {
            changes.add(new Change(Kind.APPEARED, old, Optional.of(file)));
          } else if (!isUnchanged(old.get(), file)) {
            changes.add(new Change(Kind.CHANGED, old, Optional.of(file)));
          }
        });
    before.forEach(
        (path, file) -> {
          if (!after.containsKey(path)) {
            changes.add(new Change(Kind.VANISHED, Optional.of(file), Optional.empty()));
          }
        });
    return changes;
  }

  /** Compares by the indexes and, if those do not tell, by size and time. */
  private static boolean isUnchanged(BackedFile old, BackedFile young) {
    FileKind one = old.entry().kind();
    FileKind other = young.entry().kind();
    if (!(one instanceof RegularFile) || !(other instanceof RegularFile)) {
      return one.equals(other);
    }
    return old.hasSameContent(young)
        .orElseGet(
            () ->
                old.size() == young.size()
                    && old.entry()
                        .attributes()
                        .modified()
                        .equals(young.entry().attributes().modified()));
  }
}
