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
    ByteBuffer found = ByteBuffer.allocateDirect(from.remaining());
    long at = position;
    while (found.hasRemaining()) {
      int count = file.get().read(found, at);
      if (count <= 0) {
        break;
      }
      at += count;
    }
    if (!found.flip().equals(from)) {
      comparison.differs(path, "has other content");
    }
    from.position(from.limit());
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
      comparison.differs(path, "has another size");
    }
    if (!comparison.isLost(path) && !open.stat().attributes(open.xattrs()).equals(attributes)) {
      comparison.differs(path, "has other attributes");
    }
  }

  @Override
  public void close() {
    file.ifPresent(OpenFile::close);
  }
}
