package dev.keg.linux.driver;

import dev.keg.linux.kernel.Fd;
import java.nio.file.Path;

/**
 * A configured loop device. It exists while this is open, and then as long as another user, such as
 * a mount, keeps it.
 */
public record LoopDevice(Path path, Fd open) implements AutoCloseable {
  @Override
  public void close() {
    open.close();
  }
}
