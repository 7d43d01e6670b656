package dev.keg.backup.archive.walk;

import dev.keg.backup.archive.walk.TreeReader.Found;
import dev.keg.tree.ByteString;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Files on their way from the threads that read them, with the content of small ones. */
final class Batch {
  /** The largest file whose content travels with it. */
  static final int LARGEST = 128 << 10;

  /** How many bytes of content, of attributes and targets, and of paths travel together. */
  private static final int ROOM = 4 * LARGEST;

  private static final int MOST_ITEMS = 512;

  /** What an attribute takes besides its bytes: a file may have thousands of short ones. */
  private static final int OBJECTS = 128;

  /** What the walk met. */
  sealed interface Item {
    /** A file, whose details are present once they are read. */
    record File(Found found, Optional<Details> details) implements Item {}

    /** Something to report before the next file. */
    record Remark(TreePath path, Note note, String text) implements Item {}
  }

  /**
   * What was read of a file besides its stat.
   *
   * @param target of a symbolic link
   * @param content of a regular file
   */
  record Details(Xattrs xattrs, Optional<ByteString> target, Optional<OpenFile> content) {
    Details(Xattrs xattrs) {
      this(xattrs, Optional.empty(), Optional.empty());
    }

    private int weight() {
      int weight = target.map(ByteString::length).orElse(0);
      for (Xattr attribute : xattrs.list()) {
        weight += OBJECTS + attribute.name().length() + attribute.value().length();
      }
      return weight;
    }
  }

  private static final Future<?> NOTHING = CompletableFuture.completedFuture(null);

  private final List<Item> items = new ArrayList<>(MOST_ITEMS);

  /** The numbers of the files to read. */
  private final BitSet wanted = new BitSet(MOST_ITEMS);

  private @Nullable ByteBuffer bytes;
  private long paths;
  private long contents;
  private Future<?> reading = NOTHING;
  private boolean last;
  private @Nullable Throwable failure;

  void clear() {
    items.clear();
    wanted.clear();
    paths = 0;
    contents = 0;
    reading = NOTHING;
    if (bytes != null) {
      bytes.clear();
    }
  }

  /**
   * @param read whether it is a file to be read, at most {@link #LARGEST} long
   */
  void add(Item item, boolean read) {
    wanted.set(items.size(), read);
    items.add(item);
    switch (item) {
      case Item.File(Found found, _) -> {
        paths += found.path().bytes().length();
        contents += read && found.stat().type() == Stat.Type.REGULAR ? found.stat().size() : 0;
      }
      case Item.Remark remark -> paths += remark.path().bytes().length();
    }
  }

  /** Whether there may be no room for another file. */
  boolean isFull() {
    return items.size() >= MOST_ITEMS || paths > ROOM || contents > ROOM - LARGEST;
  }

  /** Whether there is something to read. */
  boolean isWanted() {
    return !wanted.isEmpty();
  }

  /** Adds the details that are found, until they take too much memory. */
  void read(BiFunction<Found, Supplier<ByteBuffer>, Optional<Details>> details) {
    long weight = 0;
    int next = wanted.nextSetBit(0);
    while (next >= 0 && weight <= ROOM && !isInterrupted()) {
      if (items.get(next) instanceof Item.File(Found found, _)) {
        Optional<Details> read = details.apply(found, this::room);
        weight += read.map(Details::weight).orElse(0);
        items.set(next, new Item.File(found, read));
      }
      next = wanted.nextSetBit(next + 1);
    }
  }

  private static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }

  /** Room for content outside the heap. */
  private ByteBuffer room() {
    ByteBuffer made = bytes == null ? ByteBuffer.allocateDirect(ROOM) : bytes;
    bytes = made;
    return made;
  }

  void readBy(Future<?> task) {
    reading = task;
  }

  /** The items, once they are read. */
  Iterator<Item> items() throws InterruptedException, ExecutionException {
    reading.get();
    return items.iterator();
  }

  /** Nothing follows, because the walk is complete or has failed. */
  void end(@Nullable Throwable cause) {
    last = true;
    failure = cause;
  }

  boolean isLast() {
    return last;
  }

  @Nullable Throwable failure() {
    return failure;
  }
}
