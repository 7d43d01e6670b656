package dev.keg.windows.tree;

import dev.keg.tree.Attributes;
import dev.keg.tree.NewFile;
import java.nio.ByteBuffer;

/** Discards what is written to a file that cannot be created, which was reported. */
final class LostFile implements NewFile {
  @Override
  public void write(ByteBuffer from, long position) {
    from.position(from.limit());
  }

  @Override
  public void size(long size) {}

  @Override
  public void finish(Attributes attributes) {}

  @Override
  public void close() {}
}
