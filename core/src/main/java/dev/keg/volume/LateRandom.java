package dev.keg.volume;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random numbers with a lazily created seed: most commands need none. */
public final class LateRandom implements RandomGenerator {
  private @Nullable SplittableRandom random;

  @Override
  public synchronized long nextLong() {
    if (random == null) {
      long process = ProcessHandle.current().pid() << 32;
      random = new SplittableRandom(System.nanoTime() ^ process ^ entropy());
    }
    return random.nextLong();
  }

  /**
   * Entropy from the system's generator: machines that start together have the same time and
   * process numbers, and two volumes in one cluster must not get the same id. Read as a file, since
   * loading the JDK's own generator takes longer than a command runs.
   */
  private static long entropy() {
    try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
      return ByteBuffer.wrap(random.readNBytes(Long.BYTES)).getLong();
    } catch (IOException | BufferUnderflowException _) {
      return 0; // Windows, or a root directory without devices
    }
  }
}
