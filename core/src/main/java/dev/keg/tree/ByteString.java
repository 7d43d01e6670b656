package dev.keg.tree;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Immutable bytes: a file name, a link's target, the name or value of an extended attribute. The
 * kernel defines no encoding for them, so neither does Keg; {@link #toString()} is for messages.
 */
public final class ByteString implements Comparable<ByteString> {
  public static final ByteString EMPTY = new ByteString(new byte[0]);

  private final byte[] bytes;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
  }

  public static ByteString of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new ByteString(bytes.clone());
  }

  public static ByteString of(byte[] bytes, int from, int to) {
    return from == to ? EMPTY : new ByteString(Arrays.copyOfRange(bytes, from, to));
  }

  public static ByteString utf8(String text) {
    return new ByteString(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  public byte at(int index) {
    return bytes[index];
  }

  public byte[] toArray() {
    return bytes.clone();
  }

  public void putInto(ByteBuffer buffer) {
    buffer.put(bytes);
  }

  public void copyInto(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  public ByteString substring(int from, int to) {
    return of(bytes, from, to);
  }

  public ByteString plus(ByteString other) {
    byte[] both = Arrays.copyOf(bytes, bytes.length + other.bytes.length);
    other.copyInto(both, bytes.length);
    return new ByteString(both);
  }

  public boolean startsWith(ByteString prefix) {
    return commonPrefix(prefix) == prefix.bytes.length;
  }

  /** The length of the common prefix. */
  public int commonPrefix(ByteString other) {
    int end = Math.min(bytes.length, other.bytes.length);
    int mismatch = Arrays.mismatch(bytes, 0, end, other.bytes, 0, end);
    return mismatch < 0 ? end : mismatch;
  }

  /** The index of the first such byte, or -1. */
  public int indexOf(byte wanted) {
    return indexOf(wanted, 0);
  }

  public int indexOf(byte wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  public int lastIndexOf(byte wanted) {
    int i = bytes.length - 1;
    while (i >= 0 && bytes[i] != wanted) {
      i--;
    }
    return i;
  }

  public boolean isAscii() {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  /** The text, if the bytes are valid UTF-8. */
  public String utf8() throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** Compares unsigned bytes, like memcmp(3). */
  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /**
   * Formats like {@code ls -b}: unprintable bytes become octal escapes, so that a name cannot send
   * control sequences to a terminal.
   */
  @Override
  public String toString() {
    try {
      return escaped(utf8());
    } catch (CharacterCodingException _) {
      StringBuilder out = new StringBuilder();
      for (byte b : bytes) {
        out.append(b >= 0 ? escaped(String.valueOf((char) b)) : octal(b & 0xFF));
      }
      return out.toString();
    }
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                out.append("\\n");
              } else if (c == '\\') {
                out.append("\\\\");
              } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  out.append(octal(b & 0xFF));
                }
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static String octal(int value) {
    return "\\%03o".formatted(value);
  }
}
