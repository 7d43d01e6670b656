package dev.keg.moving.pass;

import dev.keg.moving.pass.Announcement.Content;
import dev.keg.moving.pass.Announcement.Need;
import dev.keg.moving.pass.BlockHashes.Holes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Sends the content of files: pieces, each with its length and position, then a length of zero, the
 * file's size and its attributes.
 */
final class SentContent {
  /** What follows for a needed file. */
  enum Found {
    THERE,
    VANISHED
  }

  static final int PIECE = BlockHashes.SMALLEST;

  private final FileTree tree;
  private final Wire wire;
  private final TreeListener listener;
  private final BlockHashes blocks;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
  private final byte[] bytes = new byte[PIECE];
  private long sent;

  SentContent(FileTree tree, Wire wire, BlockHashes blocks, TreeListener listener) {
    this.blocks = blocks;
    this.tree = tree;
    this.wire = wire;
    this.listener = listener;
  }

  /** The number of bytes sent. */
  long bytes() {
    return sent;
  }

  void send(Content announced, Need need) throws IOException {
    Optional<OpenFile> found = tree.open(announced.path());
    if (found.isEmpty()) {
      wire.put(Found.VANISHED);
      return;
    }
    try (OpenFile file = found.get()) {
      wire.put(Found.THERE);
      Stat now = file.stat();
      if (need instanceof Need.Blocks(ByteString hashes)) {
        changed(file, now.size(), BlockHashes.size(announced.size()), hashes.toArray());
      } else {
        for (Extent data : data(file, now)) {
          range(file, data.offset(), data.end());
        }
      }
      wire.out().writeInt(0);
      wire.out().writeLong(now.size());
      wire.put(now.attributes(file.xattrs()));
      listener.finished();
    }
  }

  private static List<Extent> data(OpenFile file, Stat stat) {
    return stat.size() == 0 ? List.of() : file.data(stat.size());
  }

  private void changed(OpenFile file, long size, int blockSize, byte[] hashes) throws IOException {
    Holes holes = new Holes(file.data(size));
    long start = 0;
    for (int block = 0; start < size; block++, start += blockSize) {
      boolean same =
          holes.has(start, start + blockSize)
              ? BlockHashes.isZero(hashes, block)
              : BlockHashes.isSame(hashes, block, blocks.hash(file, start, blockSize));
      if (!same) {
        range(file, start, Math.min(start + blockSize, size));
      }
    }
  }

  private void range(OpenFile file, long start, long end) throws IOException {
    long at = start;
    while (at < end) {
      if (Thread.interrupted()) {
        throw new CancellationException("interrupted");
      }
      buffer.clear().limit((int) Math.min(PIECE, end - at));
      int count = file.read(buffer, at);
      if (count <= 0) {
        return; // it became shorter meanwhile; the next pass sends it again
      }
      buffer.flip().get(bytes, 0, count);
      wire.out().writeInt(count);
      wire.out().writeLong(at);
      wire.out().write(bytes, 0, count);
      at += count;
      sent += count;
      listener.advanced(count);
    }
  }
}
