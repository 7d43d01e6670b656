package dev.keg.backup.extract;

import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.NewFile;
import java.nio.ByteBuffer;

/** Writes the stored bytes of a file into its data areas. */
final class StoredFile {
  private StoredFile() {}

  /** Writes bytes, given the number of stored bytes before them. */
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
