package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.Sha256;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;

/**
 * The last 64 bytes of an archive, which identify it. Big-endian:
 *
 * <pre>
 *  0 "KEGINDEX"   8 version   12 zero   16 offset of the root's letters
 * 24 its stored length   28 its plain length   32 SHA-256 of what is stored
 * </pre>
 */
public record Footer(int version, long offset, int stored, int length, ByteString sha256) {
  public static final int SIZE = 64;

  private static final ByteString MAGIC = ByteString.utf8("KEGINDEX");

  /** Version 1: pages and frames are the archive's own, or named by its root. */
  public static final int FIRST = 1;

  /** Version 2: pages are self-contained, so that later archives can refer to them. */
  public static final int SHARING = 2;

  /** An archive written by a later version of Keg. */
  public static final class Newer extends Exception {
    public final int version;

    Newer(int version) {
      this.version = version;
    }
  }

  public ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(SIZE);
    MAGIC.putInto(out);
    out.putInt(version).putInt(0).putLong(offset).putInt(stored).putInt(length);
    sha256.putInto(out);
    return out.flip();
  }

  public static boolean isOne(byte[] bytes) {
    return bytes.length == SIZE && ByteString.of(bytes).startsWith(MAGIC);
  }

  public static Footer decode(byte[] bytes) throws Newer {
    ByteBuffer in = ByteBuffer.wrap(bytes, MAGIC.length(), SIZE - MAGIC.length());
    int version = in.getInt();
    if (version < FIRST || version > SHARING) {
      throw new Newer(version);
    }
    int zero = in.getInt();
    Footer footer =
        new Footer(
            version,
            in.getLong(),
            in.getInt(),
            in.getInt(),
            ByteString.of(bytes, SIZE - Sha256.LENGTH, SIZE));
    if (zero != 0 || footer.offset < Skippable.HEAD || footer.stored <= 0 || footer.length <= 0) {
      throw new IllegalArgumentException("an invalid footer");
    }
    return footer;
  }
}
