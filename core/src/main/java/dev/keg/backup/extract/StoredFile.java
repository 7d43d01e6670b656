package dev.keg.backup.extract;

import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.NewFile;
import java.nio.ByteBuffer;

/** Puts the stored bytes of a file where its data areas are. */
final class StoredFile {
  private StoredFile() {}

  /** Writes bytes of which so many come before them. */
  static void write(NewFile file, RegularFile kind, long before, ByteBuffer bytes) {
    if (!kind.hasHoles()) {
      file.write(bytes, before);
      return;
    }
    long areaStart = 0;
    long at = before;
    for (Extent area : kind.data()) {
      long areaEnd = areaStart + area.length();
      if (at < areaEnd && bytes.hasRemaining()) {
        int n = (int) Math.min(bytes.remaining(), areaEnd - at);
        file.write(bytes.slice(bytes.position(), n), area.offset() + at - areaStart);
        bytes.position(bytes.position() + n);
        at += n;
      }
      areaStart = areaEnd;
    }
  }
}
