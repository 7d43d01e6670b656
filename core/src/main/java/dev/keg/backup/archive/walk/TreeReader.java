package dev.keg.backup.archive.walk;

import dev.keg.backup.archive.walk.Batch.Details;
import dev.keg.backup.archive.walk.Batch.Item;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree and reads its small files on threads of its own, a bounded number of files and bytes
 * ahead of its user. Everything else, such as a large file, is read on request. Closing this ends
 * the threads, and leaves the tree open.
 */
public final class TreeReader implements AutoCloseable {
  private final TreeAccess ahead;
  private final TreeListener listener;
  private final BatchFiller filler;
  private @Nullable Batch batch;
  private Iterator<Item> items = Collections.emptyIterator();
  private Item.@Nullable File current;

  /** Opened when it is needed first: a small tree is read ahead as a whole. */
  private @Nullable TreeAccess own;

  /** A file of the tree. */
  public record Found(TreePath path, Stat stat) {}

  /**
   * @param wanted the files to read ahead, if they are small; the user may still read any other
   */
  public TreeReader(
      FileTree tree, Predicate<TreePath> excluded, Predicate<Stat> wanted, TreeListener listener) {
    this.listener = listener;
    ahead = new TreeAccess(tree);
    filler = new BatchFiller(ahead, excluded, wanted);
  }

  /**
   * Moves to the next file: each directory before its content, names in order. Discards what was
   * read of the previous one.
   */
  public Optional<Found> next() {
    current = null;
    while (items.hasNext() || turnOver()) {
      switch (items.next()) {
        case Item.Remark(var path, var note, var text) -> listener.note(path, note, text);
        case Item.File file -> {
          current = file;
          return Optional.of(file.found());
        }
      }
    }
    return Optional.empty();
  }

  /** Takes the next batch that is not empty. */
  private boolean turnOver() {
    while (!items.hasNext()) {
      if (batch != null && batch.isLast()) {
        if (batch.failure() != null) {
          throw thrown(batch.failure());
        }
        return false;
      }
      if (batch != null) {
        filler.giveBack(batch);
      }
      take();
    }
    return true;
  }

  private void take() {
    try {
      Batch next = filler.take();
      items = next.items();
      batch = next;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw thrown(e.getCause());
    }
  }

  private static RuntimeException thrown(@Nullable Throwable failure) {
    return switch (failure) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null, default -> new IllegalStateException(failure);
    };
  }

  /** The number of names met, including those that were left out; final after the last file. */
  public long met() {
    return filler.met();
  }

  /** Opens the current file; empty if it is no longer a regular file. */
  public Optional<OpenFile> open() {
    return fromAhead(Details::content)
        .or(() -> access().use(this::openFile).map(file -> new SharedFile(file, access().turn())));
  }

  /** Looks again first: opening a device that took the file's place may already do harm. */
  private Optional<OpenFile> openFile(FileTree tree) {
    return tree.stat(path())
        .filter(now -> now.type() == Stat.Type.REGULAR)
        .flatMap(_ -> tree.open(path()));
  }

  /** The target of the current file; empty if it is no longer a symbolic link. */
  public Optional<ByteString> target() {
    return fromAhead(Details::target).or(() -> access().use(tree -> tree.target(path())));
  }

  /** The extended attributes of the current file. */
  public Xattrs xattrs() {
    return fromAhead(details -> Optional.of(details.xattrs()))
        .orElseGet(() -> access().use(tree -> tree.xattrs(path())));
  }

  private TreeAccess access() {
    TreeAccess access = own == null ? ahead.another() : own;
    own = access;
    return access;
  }

  private TreePath path() {
    return current().found().path();
  }

  private <T> Optional<T> fromAhead(Function<Details, Optional<T>> part) {
    return current().details().flatMap(part);
  }

  private Item.File current() {
    return Objects.requireNonNull(current, "no file");
  }

  @Override
  public void close() {
    filler.close();
    if (own != null) {
      own.close();
    }
  }
}
