package dev.keg.linux.driver;

import dev.keg.linux.kernel.Fd;
import java.nio.file.Path;

/**
 * A loop device that is set up. It stays while this is open, and after that as long as somebody
 * else, such as a mount, uses it.
 */
public record LoopDevice(Path path, Fd open) implements AutoCloseable {
  @Override
  public void close() {
    open.close();
  }
}
