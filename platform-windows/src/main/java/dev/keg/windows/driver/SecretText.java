package dev.keg.windows.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Reads a small file with a secret, in UTF-8, or in UTF-16 with a byte order mark as older versions
 * of PowerShell write it. The secret never becomes a string, since a string cannot be overwritten.
 */
public final class SecretText {
  private static final int LARGEST = 64 << 10;

  private SecretText() {}

  /** The characters of a file, which the caller overwrites. */
  public static char[] read(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException(file + ": too large for a file with a secret");
    }
    byte[] bytes = Files.readAllBytes(file);
    CharBuffer text = decode(bytes);
    Arrays.fill(bytes, (byte) 0);
    char[] characters = Arrays.copyOf(text.array(), text.limit());
    Arrays.fill(text.array(), '\0');
    return characters;
  }

  private static CharBuffer decode(byte[] bytes) {
    if (startsWith(bytes, 0xFF, 0xFE)) {
      return StandardCharsets.UTF_16LE.decode(ByteBuffer.wrap(bytes, 2, bytes.length - 2));
    }
    if (startsWith(bytes, 0xFE, 0xFF)) {
      return StandardCharsets.UTF_16BE.decode(ByteBuffer.wrap(bytes, 2, bytes.length - 2));
    }
    int mark = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    return StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes, mark, bytes.length - mark));
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    return bytes.length >= mark.length
        && IntStream.range(0, mark.length).allMatch(i -> (bytes[i] & 0xFF) == mark[i]);
  }
}
