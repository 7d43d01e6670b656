package dev.keg.backup.archive.index;

import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the numbers and bytes of the index: numbers in groups of seven bits, the lowest first,
 * with the eighth bit set on all but the last; signed numbers have the sign in the lowest bit.
 */
final class IndexBytes {
  private byte[] bytes = new byte[64 << 10];
  private int length;

  IndexBytes number(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  IndexBytes signed(long value) {
    return number((value << 1) ^ (value >> 63));
  }

  IndexBytes fixed(long value) {
    room(Long.BYTES);
    ByteBuffer.wrap(bytes).putLong(length, value);
    length += Long.BYTES;
    return this;
  }

  IndexBytes fixed(int value) {
    room(Integer.BYTES);
    ByteBuffer.wrap(bytes).putInt(length, value);
    length += Integer.BYTES;
    return this;
  }

  IndexBytes raw(ByteString value) {
    room(value.length());
    value.copyInto(bytes, length);
    length += value.length();
    return this;
  }

  IndexBytes bytes(ByteString value) {
    return number(value.length()).raw(value);
  }

  IndexBytes text(String value) {
    return bytes(ByteString.of(value.getBytes(StandardCharsets.UTF_8)));
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }

  int length() {
    return length;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }
}
