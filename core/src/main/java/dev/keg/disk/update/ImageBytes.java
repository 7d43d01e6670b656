package dev.keg.disk.update;

import java.nio.ByteBuffer;

/** The bytes of an image that may be stored anywhere, for example in a backup. */
@FunctionalInterface
public interface ImageBytes {
  /** This many bytes from an offset; zeros after the end of the image. */
  ByteBuffer read(long at, int length);
}
