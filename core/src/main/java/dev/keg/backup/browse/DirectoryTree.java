package dev.keg.backup.browse;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A directory on disk, as one side of a comparison: files with the same size and time count as
 * equal. Every name of a file counts as a file, and sockets are left out.
 */
public record DirectoryTree(String name, FileTree tree) implements BackupTree {
  private static final int BUFFER = 64 << 10;

  /** What is known of a file's content without reading it. */
  private record TimeMark(Instant modified) implements BackedFile.Mark {
    @Override
    public Optional<Boolean> isSame(BackedFile.Mark other) {
      return equals(other) ? Optional.of(true) : Optional.empty();
    }
  }

  @Override
  public Optional<BackedFile> find(TreePath path) {
    return tree.stat(path).flatMap(stat -> file(path, stat));
  }

  private Optional<BackedFile> file(TreePath path, Stat stat) {
    return kind(path, stat)
        .map(
            kind ->
                new BackedFile(
                    new Entry(path, kind, stat.attributes(tree.xattrs(path))),
                    new TimeMark(stat.modified())));
  }

  private Optional<FileKind> kind(TreePath path, Stat stat) {
    return switch (stat.type()) {
      case DIRECTORY -> Optional.of(new FileKind.Directory());
      case REGULAR -> Optional.of(FileKind.RegularFile.whole(stat.size()));
      case SYMLINK -> tree.target(path).map(FileKind.Symlink::new);
      case FIFO -> Optional.of(new FileKind.Fifo());
      case CHARACTER, BLOCK -> Optional.of(stat.toDevice());
      case SOCKET -> Optional.empty();
    };
  }

  @Override
  public Iterator<BackedFile> list(TreePath directory, Consumer<InvalidArchive> lost) {
    return children(directory).iterator();
  }

  private Stream<BackedFile> children(TreePath directory) {
    return tree.names(directory).stream().flatMap(name -> find(directory.child(name)).stream());
  }

  @Override
  public Iterator<BackedFile> walk(TreePath from, Consumer<InvalidArchive> lost) {
    return new Walk(find(from).stream().iterator());
  }

  /** Iterative, since directories may be nested arbitrarily deep. */
  private final class Walk implements Iterator<BackedFile> {
    private final Deque<Iterator<BackedFile>> open = new ArrayDeque<>();

    Walk(Iterator<BackedFile> root) {
      open.push(root);
    }

    @Override
    public boolean hasNext() {
      while (!open.isEmpty() && !open.element().hasNext()) {
        open.pop();
      }
      return !open.isEmpty();
    }

    @Override
    public BackedFile next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      BackedFile file = open.element().next();
      if (file.isDirectory()) {
        open.push(list(file.path()));
      }
      return file;
    }
  }

  @Override
  public InputStream read(BackedFile file) {
    return tree.open(file.path())
        .<InputStream>map(Content::new)
        .orElseGet(InputStream::nullInputStream);
  }

  private static final class Content extends InputStream {
    private final OpenFile file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private long position;

    Content(OpenFile file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      int count = file.read(buffer.clear().limit(Math.min(length, BUFFER)), position);
      if (count <= 0) {
        return -1;
      }
      buffer.flip().get(into, offset, count);
      position += count;
      return count;
    }

    @Override
    public void close() {
      file.close();
    }
  }

  @Override
  public void close() {
    tree.close();
  }
}
