package dev.keg.backup.browse;

import dev.keg.backup.browse.Change.Kind;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.Attributes;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares two backups file by file. Content is read only if nothing else tells whether it is
 * equal: the sizes are equal, and the backups share no data of the file.
 */
public final class TreeDifference {
  private static final int PIECE = 64 << 10;

  private final BackupTree before;
  private final BackupTree after;

  /** Files with changed content seen so far; further names of them come later. */
  private final Set<TreePath> changed = new HashSet<>();

  public TreeDifference(BackupTree before, BackupTree after) {
    this.before = before;
    this.after = after;
  }

  /** Every change at the path and below, in the order of a walk. */
  public void each(TreePath from, Consumer<Change> changes) {
    Iterator<BackedFile> olds = before.walk(from);
    Iterator<BackedFile> news = after.walk(from);
    BackedFile one = next(olds);
    BackedFile other = next(news);
    while (one != null || other != null) {
      int order = one == null ? 1 : other == null ? -1 : one.path().compareTo(other.path());
      if (order < 0) {
        changes.accept(new Change(Kind.VANISHED, Optional.ofNullable(one), Optional.empty()));
      } else if (order > 0) {
        changes.accept(new Change(Kind.APPEARED, Optional.empty(), Optional.ofNullable(other)));
      } else if (one != null && other != null) {
        compare(one, other, from).ifPresent(changes);
      }
      one = order <= 0 ? next(olds) : one;
      other = order >= 0 ? next(news) : other;
    }
  }

  private static @Nullable BackedFile next(Iterator<BackedFile> files) {
    return files.hasNext() ? files.next() : null;
  }

  /** How the file differs; empty if it does not. */
  private Optional<Change> compare(BackedFile one, BackedFile other, TreePath from) {
    if (!isSameContent(one, other, from)) {
      changed.add(one.path());
      return Optional.of(new Change(Kind.CHANGED, Optional.of(one), Optional.of(other)));
    }
    return hasSameAttributes(one, other)
        ? Optional.empty()
        : Optional.of(new Change(Kind.ATTRIBUTES, Optional.of(one), Optional.of(other)));
  }

  /** Ignores the time of a directory, since its content is compared anyway. */
  private static boolean hasSameAttributes(BackedFile one, BackedFile other) {
    Attributes first = one.entry().attributes();
    Attributes second = other.entry().attributes();
    boolean directories = one.isDirectory() && other.isDirectory();
    return first.mode() == second.mode()
        && first.uid() == second.uid()
        && first.gid() == second.gid()
        && first.xattrs().equals(second.xattrs())
        && (directories || first.modified().equals(second.modified()));
  }

  private boolean isSameContent(BackedFile one, BackedFile other, TreePath from) {
    FileKind kind = one.entry().kind();
    if (kind.equals(other.entry().kind()) && !(kind instanceof RegularFile)) {
      if (!(kind instanceof HardLink(TreePath target))) {
        return true;
      }
      if (target.isWithin(from)) {
        return !changed.contains(target);
      }
    }
    // The first name of a file has the content, and which name that is may change.
    BackedFile old = Browsing.behindLink(before, one);
    BackedFile young = Browsing.behindLink(after, other);
    return old.hasSameContent(young).orElseGet(() -> hasSameBytes(old, young));
  }

  private boolean hasSameBytes(BackedFile old, BackedFile young) {
    try (InputStream one = before.read(old);
        InputStream other = after.read(young)) {
      byte[] left = new byte[PIECE];
      byte[] right = new byte[PIECE];
      int count;
      do {
        count = one.readNBytes(left, 0, PIECE);
        if (other.readNBytes(right, 0, PIECE) != count
            || !Arrays.equals(left, 0, count, right, 0, count)) {
          return false;
        }
      } while (count == PIECE);
      return true;
    } catch (IOException e) {
      throw new FileFailure("read", old.path().toString(), String.valueOf(e.getMessage()), e);
    }
  }
}
