package dev.keg.backup.archive.delta;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.FrameReader;
import dev.keg.backup.archive.delta.EarlierFile.Stretch;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads a file of an archive at any position, with holes as zeros. Not thread-safe. */
public final class EarlierBytes implements AutoCloseable {
  private final List<Stretch> stretches;
  private final ArchiveSources sources;
  private final FrameReader frames;

  /** Closing this does not close the archive. */
  public EarlierBytes(Archive archive, EarlierFile file) {
    stretches = file.stretches();
    sources = archive.sources();
    frames = new FrameReader(sources);
  }

  /** Fills the buffer. */
  public void read(ByteBuffer into, long position) {
    long at = position;
    for (int i = first(position); into.hasRemaining(); i++) {
      long next = i < stretches.size() ? stretches.get(i).begin() : Long.MAX_VALUE;
      while (at < next && into.hasRemaining()) {
        into.put((byte) 0);
        at++;
      }
      if (into.hasRemaining()) {
        at += part(stretches.get(i), at, into);
      }
    }
  }

  private int part(Stretch stretch, long at, ByteBuffer into) {
    int skipped = (int) (at - stretch.begin());
    int length = Math.min(stretch.slice().length() - skipped, into.remaining());
    into.put(frames.read(stretch.slice()).slice(skipped, length));
    return length;
  }

  /** The first stretch that ends after the position. */
  private int first(long position) {
    int low = 0;
    int high = stretches.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (stretches.get(middle).end() <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public void close() {
    frames.close();
    sources.close();
  }
}
