package dev.keg.backup.restore;

import dev.keg.tree.Attributes;
import dev.keg.tree.NewFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.TreePath;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Compares a file with the bytes that would be written to it. */
final class FileComparison implements NewFile {
  private final TreeComparison comparison;
  private final TreePath path;
  private final Optional<OpenFile> file;
  private final AtomicLong size = new AtomicLong();

  FileComparison(TreeComparison comparison, TreePath path, Optional<OpenFile> file) {
    this.comparison = comparison;
    this.path = path;
    this.file = file;
    if (file.isEmpty()) {
      comparison.differs(path, "is missing");
    }
  }

  @Override
  public void write(ByteBuffer from, long position) {
    size.accumulateAndGet(position + from.remaining(), Math::max);
    if (file.isEmpty()) {
      from.position(from.limit());
      return;
    }
    if (!comparison.withBuffer(found -> isSame(file.get(), from, position, found))) {
      comparison.differs(path, "differs in content");
    }
    from.position(from.limit());
  }

  private static boolean isSame(OpenFile file, ByteBuffer from, long position, ByteBuffer found) {
    long at = position;
    while (from.hasRemaining()) {
      int most = Math.min(from.remaining(), found.capacity());
      int count = file.read(found.clear().limit(most), at);
      if (count <= 0 || !found.flip().equals(from.slice(from.position(), count))) {
        return false;
      }
      from.position(from.position() + count);
      at += count;
    }
    return true;
  }

  @Override
  public void size(long newSize) {
    size.set(newSize);
  }

  @Override
  public void finish(Attributes attributes) {
    file.ifPresent(open -> finish(open, attributes));
  }

  private void finish(OpenFile open, Attributes attributes) {
    if (open.stat().size() != size.get()) {
      comparison.differs(path, "differs in size");
    }
    if (!comparison.isLost(path) && !open.stat().attributes(open.xattrs()).equals(attributes)) {
      comparison.differs(path, "differs in attributes");
    }
  }

  @Override
  public void close() {
    file.ifPresent(OpenFile::close);
  }
}
