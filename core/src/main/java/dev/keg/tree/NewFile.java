package dev.keg.tree;

import java.nio.ByteBuffer;

/** A new regular file that nobody else sees yet. Several threads may write to it at once. */
public interface NewFile extends AutoCloseable {
  /** Writes all of a direct buffer there. */
  void write(ByteBuffer from, long position);

  /** Sets the file's length; what was not written is a hole. */
  void size(long size);

  /** Gives it its owner, mode, extended attributes and time, after the last byte was written. */
  void finish(Attributes attributes);

  @Override
  void close();
}
