package dev.keg.disk.update;

import java.nio.ByteBuffer;

/** The bytes of an image that may lie anywhere, such as in a backup. */
@FunctionalInterface
public interface ImageBytes {
  /** So many bytes from a place on; zeros behind the end of the image. */
  ByteBuffer read(long at, int length);
}
