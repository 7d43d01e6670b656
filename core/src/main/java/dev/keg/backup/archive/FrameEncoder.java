package dev.keg.backup.archive;

import java.nio.ByteBuffer;

/** Packs frames, one at a time; each buffer has one of its own. */
interface FrameEncoder extends AutoCloseable {
  /** How much room so many bytes may need at worst. */
  int room(int plain);

  /** Packs all that remains; the plain bytes stay readable. */
  void encode(ByteBuffer plain, ByteBuffer packed);

  @Override
  default void close() {}
}
