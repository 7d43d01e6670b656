package dev.keg.backup.browse;

import dev.keg.backup.archive.index.Slice;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** The bytes of a stored file from front to end: its slices for data, otherwise zeros. */
final class FileContent extends InputStream {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Iterator<Slice> slices;
  private final Iterator<Extent> areas;
  private final long size;
  private final Function<Slice, ByteBuffer> content;
  private ByteBuffer plain = NOTHING;
  private long at;
  private long areaStart;
  private long areaEnd;

  FileContent(RegularFile kind, List<Slice> slices, Function<Slice, ByteBuffer> content) {
    this.slices = slices.iterator();
    this.areas = kind.data().iterator();
    this.size = kind.size();
    this.content = content;
    nextArea();
  }

  private void nextArea() {
    if (areas.hasNext()) {
      Extent area = areas.next();
      areaStart = area.offset();
      areaEnd = area.end();
    } else {
      areaStart = size;
      areaEnd = size;
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (at >= size) {
      return -1;
    }
    int count;
    if (at < areaStart) {
      count = (int) Math.min(length, areaStart - at);
      Arrays.fill(target, offset, offset + count, (byte) 0);
    } else {
      count = stored(target, offset, (int) Math.min(length, areaEnd - at));
    }
    at += count;
    if (at == areaEnd) {
      nextArea();
    }
    return count;
  }

  private int stored(byte[] target, int offset, int wanted) {
    if (!plain.hasRemaining()) {
      plain = content.apply(slices.next());
    }
    int count = Math.min(wanted, plain.remaining());
    plain.get(target, offset, count);
    return count;
  }
}
