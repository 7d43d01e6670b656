package dev.keg.backup.archive.walk;

import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.Xattrs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/** An open file of a tree that several threads use in turn. */
record SharedFile(OpenFile file, Lock turn) implements OpenFile {
  private static <T> T inTurn(Lock turn, Supplier<T> work) {
    turn.lock();
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public Stat stat() {
    return inTurn(turn, file::stat);
  }

  @Override
  public Xattrs xattrs() {
    return inTurn(turn, file::xattrs);
  }

  @Override
  public List<Extent> data(long size) {
    return inTurn(turn, () -> file.data(size));
  }

  @Override
  public int read(ByteBuffer into, long position) {
    return inTurn(turn, () -> file.read(into, position));
  }

  @Override
  public void close() {
    inTurn(
        turn,
        () -> {
          file.close();
          return file;
        });
  }
}
