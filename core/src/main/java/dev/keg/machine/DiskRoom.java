package dev.keg.machine;

import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.FileStore;

/**
 * The free space of a file system to which running machines write. If it runs out, their writes
 * fail, so a copy leaves them some of it.
 */
public final class DiskRoom {
  private static final long RESERVE = 512L << 20;
  private static final int PART = 20;

  private DiskRoom() {}

  /** What a copy leaves free: a twentieth of the file system, at most 512 MiB. */
  public static Size reserve(FileStore store) throws IOException {
    return new Size(Math.min(RESERVE, store.getTotalSpace() / PART));
  }

  /** Whether less is free than a copy must leave. */
  public static boolean isLow(FileStore store) throws IOException {
    return store.getUsableSpace() < reserve(store).bytes();
  }
}
