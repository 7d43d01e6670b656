package dev.keg.tree;

import java.nio.ByteBuffer;

/** A new regular file that nobody else sees yet. Several threads may write to it at once. */
public interface NewFile extends AutoCloseable {
  /** Writes all of a direct buffer at that position. */
  void write(ByteBuffer from, long position);

  /**
   * Shares all content of another file without copying it, if the file system supports that.
   * Returns false if not; then nothing was written.
   */
  default boolean share(OpenFile source) {
    return false;
  }

  /**
   * Copies a range of another file, which may end meanwhile, inside the kernel. Returns false if
   * that is not possible; then part of it may be written.
   */
  default boolean copy(OpenFile source, FileKind.Extent range) {
    return false;
  }

  /** Sets the file's length; unwritten parts are holes. */
  void size(long size);

  /** Sets its owner, mode, extended attributes and time, after the last byte was written. */
  void finish(Attributes attributes);

  @Override
  void close();

  /** Reads a part of the other file and writes it at the same position. */
  default void write(OpenFile source, FileKind.Extent part, ByteBuffer buffer) {
    long position = part.offset();
    while (position < part.end()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), part.end() - position));
      int read = source.read(buffer, position);
      if (read < 0) {
        return; // it became shorter meanwhile
      }
      write(buffer.flip(), position);
      position += read;
    }
  }
}
