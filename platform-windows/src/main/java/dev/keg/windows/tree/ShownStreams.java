package dev.keg.windows.tree;

import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import dev.keg.windows.tree.TreeStreams.Streams;
import dev.keg.windows.win32.Win32Exception;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Determines which streams a walk shows as files. A stream whose size crosses the limit between two
 * looks stays what it was, so that it is saved once. Remembers the listings of the directories on
 * the current path.
 */
final class ShownStreams {
  private final TreeStreams streams;
  private final Deque<Listing> listings = new ArrayDeque<>();
  private @Nullable LastDirectory last;

  /** The large streams of the files in a directory; files without any are left out. */
  private record Listing(TreePath directory, Map<ByteString, Set<String>> large) {}

  private record LastDirectory(TreePath directory, Streams streams) {}

  ShownStreams(TreeStreams streams) {
    this.streams = streams;
  }

  /** Combines two successive looks at the same directory. */
  Streams ofDirectory(TreePath directory) throws Win32Exception {
    @Nullable LastDirectory before = last;
    if (before != null && before.directory().equals(directory)) {
      return before.streams();
    }
    Streams now = streams.split(directory, Optional.empty());
    last = new LastDirectory(directory, now);
    return now;
  }

  /** Called when another file is examined. */
  void forgetDirectory() {
    last = null;
  }

  /** The streams of an open file, as in the listing of its directory, if there is one. */
  Streams ofFile(TreePath file) throws Win32Exception {
    Optional<Set<String>> shown =
        listings.stream()
            .filter(listing -> listing.directory().equals(file.parent()))
            .findFirst()
            .map(listing -> listing.large().getOrDefault(file.name(), Set.of()));
    return streams.split(file, shown);
  }

  /**
   * The file names of the large streams of a directory and of the files in it. Unreadable streams
   * get no name; they are reported with their file.
   *
   * @param isFile whether the path is that of a plain file
   */
  List<ByteString> list(TreePath directory, List<ByteString> files, Predicate<TreePath> isFile) {
    Map<ByteString, Set<String>> large = new HashMap<>();
    List<ByteString> names =
        new ArrayList<>(orNone(() -> ofDirectory(directory)).fileNames(ByteString.EMPTY));
    for (ByteString file : files) {
      TreePath path = directory.child(file);
      Streams found = orNone(() -> streams.split(path, Optional.empty()));
      if (!found.large().isEmpty() && isFile.test(path)) {
        large.put(file, found.largeNames());
        names.addAll(found.fileNames(file));
      }
    }
    listings.removeIf(
        at -> at.directory().equals(directory) || !directory.isWithin(at.directory()));
    listings.push(new Listing(directory, large));
    return names;
  }

  private static Streams orNone(TreeStreams.StreamQuery query) {
    try {
      return query.run();
    } catch (Win32Exception _) {
      return Streams.NONE;
    }
  }
}
