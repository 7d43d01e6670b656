package dev.keg.backup.archive.index;

import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link IndexBytes} writes.
 *
 * <p>Invalid input is an {@link IllegalArgumentException}; the reader of the index adds its name.
 */
final class IndexInput {
  private final byte[] bytes;
  private int at;

  IndexInput(byte[] bytes) {
    this.bytes = bytes;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte b = bytes[need(1)];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number beyond 64 bits");
  }

  long signed() {
    long value = number();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number of items to hold in memory. */
  int count() {
    long value = number();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a count of " + Long.toUnsignedString(value));
    }
    return (int) value;
  }

  long fixedLong() {
    return ByteBuffer.wrap(bytes).getLong(need(Long.BYTES));
  }

  int fixedInt() {
    return ByteBuffer.wrap(bytes).getInt(need(Integer.BYTES));
  }

  ByteString raw(int length) {
    int from = need(length);
    return ByteString.of(bytes, from, at);
  }

  ByteString bytes() {
    return raw(count());
  }

  String text() {
    return new String(bytes().toArray(), StandardCharsets.UTF_8);
  }

  void end() {
    if (at != bytes.length) {
      throw new IllegalArgumentException("more bytes than it should have");
    }
  }

  private int need(int length) {
    if (length > bytes.length - at) {
      throw new IllegalArgumentException("it ends too early");
    }
    int from = at;
    at += length;
    return from;
  }
}
