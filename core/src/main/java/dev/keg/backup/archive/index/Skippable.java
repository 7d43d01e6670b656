package dev.keg.backup.archive.index;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Frames that zstd skips: {@code 18 4D 2A 5x} and the length, little-endian, then arbitrary
 * content. Keg's contain a magic of four letters and a zstd frame.
 */
public final class Skippable {
  /** The length of magic number and length field. */
  public static final int HEAD = 8;

  public static final ByteString PAGE = ByteString.utf8("KEGP");
  public static final ByteString ROOT = ByteString.utf8("KEGR");

  private static final int MAGIC_NUMBER = 0x184D2A5B;
  private static final int LETTERS = 4;
  private static final int LEVEL = 3;

  /** Far more than 8192 entries, or the list of a million pages, require. */
  private static final int USUAL_LENGTH = 128 << 20;

  /** The largest factor by which a longer index may have been compressed. */
  private static final int LARGEST_FACTOR = 8;

  private Skippable() {}

  /** The payload: the letters and the compressed content. */
  public static ByteBuffer pack(ByteString letters, byte[] content) {
    byte[] compressed = Zstd.compress(content, LEVEL);
    if (!isPlausible(content.length, LETTERS + compressed.length)) {
      throw new IllegalArgumentException(
          "an index of " + content.length + " bytes, which no reader unpacks");
    }
    ByteBuffer payload = ByteBuffer.allocate(LETTERS + compressed.length);
    letters.putInto(payload);
    return payload.put(compressed).flip();
  }

  public static ByteBuffer head(int payload) {
    return ByteBuffer.allocate(HEAD)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC_NUMBER)
        .putInt(payload)
        .flip();
  }

  /** Whether a payload is preceded by such a head. */
  public static boolean hasHead(RangeSource source, long payload, int length) {
    ByteBuffer found = ByteBuffer.allocate(HEAD);
    source.read(payload - HEAD, found);
    if (found.flip().equals(head(length))) {
      return true;
    }
    return source.readAgain(payload - HEAD, found.clear(), head(length)::equals);
  }

  /** Unpacks a payload whose hash was already checked. */
  public static byte[] unpack(ByteString letters, ByteBuffer payload, int length) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    if (!ByteString.of(bytes).startsWith(letters)) {
      throw new IllegalArgumentException("the index is missing");
    }
    if (!isPlausible(length, bytes.length)) {
      throw new IllegalArgumentException("an index of " + length + " bytes");
    }
    try {
      byte[] content = new byte[length];
      long n = Zstd.decompressByteArray(content, 0, length, bytes, LETTERS, bytes.length - LETTERS);
      if (Zstd.isError(n) || n != length) {
        throw new IllegalArgumentException("an index that does not decompress");
      }
      return content;
    } catch (ZstdException e) {
      throw new IllegalArgumentException("an index that does not decompress", e);
    }
  }

  /**
   * Whether an index of this length may be unpacked, so that a few bytes cannot exhaust the memory.
   * The index of a file of many TiB is long, but most of it are the hashes of frames, which do not
   * compress.
   */
  static boolean isPlausible(int length, int stored) {
    return length <= USUAL_LENGTH || length / LARGEST_FACTOR <= stored;
  }
}
