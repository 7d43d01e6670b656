package dev.keg.windows.tree;

import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import dev.keg.windows.tree.TreeStreams.Streams;
import dev.keg.windows.win32.Win32Exception;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Determines which streams a walk shows as files. A stream whose size crosses the limit between two
 * looks stays what it was, so that it is saved once. Remembers the listings of the directories on
 * the current path, and of those left last: a walk may be ahead of what reads the files.
 */
final class ShownStreams {
  /** More than the number of files that a walk is ahead. */
  private static final int MOST_LEFT = 4096;

  private final TreeStreams streams;
  private final Deque<Listing> listings = new ArrayDeque<>();

  /** The large streams of the files in directories that the walk left. */
  private final SequencedMap<TreePath, Map<ByteString, Set<String>>> left = new LinkedHashMap<>();

  /** The large streams of the directories that were listed last. */
  private final SequencedMap<TreePath, Set<String>> own = new LinkedHashMap<>();

  private @Nullable LastDirectory last;

  /** The large streams of the files in a directory; files without any are left out. */
  private record Listing(TreePath directory, Map<ByteString, Set<String>> large) {}

  private record LastDirectory(TreePath directory, Streams streams) {}

  ShownStreams(TreeStreams streams) {
    this.streams = streams;
  }

  /** The streams of a directory, as it was listed since it was met, if it was. */
  Streams ofDirectory(TreePath directory) throws Win32Exception {
    return look(directory, Optional.ofNullable(own.get(directory)));
  }

  /** Combines two successive looks at the same directory. */
  private Streams look(TreePath directory, Optional<Set<String>> shown) throws Win32Exception {
    @Nullable LastDirectory before = last;
    if (before != null && before.directory().equals(directory)) {
      return before.streams();
    }
    Streams now = streams.split(directory, shown);
    last = new LastDirectory(directory, now);
    return now;
  }

  /** Called when another file is examined. */
  void forgetDirectory() {
    last = null;
  }

  /** Called when the walk meets a file. */
  void meet(TreePath path) {
    forgetDirectory();
    own.remove(path);
  }

  /** The streams of an open file, as in the listing of its directory, if there is one. */
  Streams ofFile(TreePath file) throws Win32Exception {
    TreePath directory = file.parent();
    Optional<Map<ByteString, Set<String>>> listed =
        listings.stream()
            .filter(listing -> listing.directory().equals(directory))
            .findFirst()
            .map(Listing::large)
            .or(() -> Optional.ofNullable(left.get(directory)));
    return streams.split(file, listed.map(large -> large.getOrDefault(file.name(), Set.of())));
  }

  /**
   * The file names of the large streams of a directory and of the files in it. Unreadable streams
   * get no name; they are reported with their file.
   *
   * @param isFile whether the path is that of a plain file
   */
  List<ByteString> list(TreePath directory, List<ByteString> files, Predicate<TreePath> isFile) {
    Map<ByteString, Set<String>> large = new HashMap<>();
    Streams shown = orNone(() -> look(directory, Optional.empty()));
    List<ByteString> names = new ArrayList<>(shown.fileNames(ByteString.EMPTY));
    for (ByteString file : files) {
      TreePath path = directory.child(file);
      Streams found = orNone(() -> streams.split(path, Optional.empty()));
      if (!found.large().isEmpty() && isFile.test(path)) {
        large.put(file, found.largeNames());
        names.addAll(found.fileNames(file));
      }
    }
    leave(directory);
    listings.push(new Listing(directory, large));
    own.putLast(directory, shown.largeNames());
    if (own.size() > MOST_LEFT) {
      own.pollFirstEntry();
    }
    return names;
  }

  /** Leaves the directories that do not contain the one that is listed next. */
  private void leave(TreePath next) {
    for (Iterator<Listing> path = listings.iterator(); path.hasNext(); ) {
      Listing at = path.next();
      if (at.directory().equals(next) || !next.isWithin(at.directory())) {
        path.remove();
        left.putLast(at.directory(), at.large());
      }
    }
    while (left.size() > MOST_LEFT) {
      left.pollFirstEntry();
    }
  }

  private static Streams orNone(TreeStreams.StreamQuery query) {
    try {
      return query.run();
    } catch (Win32Exception _) {
      return Streams.NONE;
    }
  }
}
