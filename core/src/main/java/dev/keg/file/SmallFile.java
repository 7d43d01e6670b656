package dev.keg.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/**
 * Reads the small files that Keg keeps. A pipe or a device would make the reader wait, and a huge
 * file would fill the memory, so both are refused before they are read.
 */
public final class SmallFile {
  private static final int USUAL = 1 << 10;
  private static final int LARGEST = 1 << 20;

  private SmallFile() {}

  /** The whole content. */
  public static byte[] read(Path file) throws IOException {
    return read(file, LARGEST);
  }

  /** The whole content, if it is no larger than this. */
  public static byte[] read(Path file, int largest) throws IOException {
    int expected = (int) requireRegular(file, largest);
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      // The kernel's own files report a size of zero.
      ByteBuffer content = ByteBuffer.allocate(expected == 0 ? USUAL : expected + 1);
      // If the buffer has room for more, the expected number of bytes is everything.
      while ((content.position() == 0 || content.position() != expected)
          && channel.read(content) >= 0) {
        if (content.position() > largest) {
          throw tooLarge(file);
        }
        if (!content.hasRemaining()) {
          content = ByteBuffer.allocate(2 * content.capacity()).put(content.flip());
        }
      }
      return Arrays.copyOf(content.array(), content.position());
    }
  }

  private static long requireRegular(Path file, int largest) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw new Refused(file, "a directory");
    }
    if (!attributes.isRegularFile()) {
      throw new Refused(file, "not a regular file");
    }
    if (attributes.size() > largest) {
      throw tooLarge(file);
    }
    return attributes.size();
  }

  private static Refused tooLarge(Path file) {
    return new Refused(file, "too large");
  }

  /** The file is not a small regular file; the reason says what it is. */
  public static final class Refused extends FileSystemException {
    Refused(Path file, String reason) {
      super(file.toString(), null, reason);
    }
  }
}
