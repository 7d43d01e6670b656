package dev.keg.linux.publish;

import dev.keg.driver.DriverContext;
import dev.keg.linux.kernel.Kernel;
import dev.keg.volumeset.Publisher;
import java.util.Optional;

/** Finds the publisher. */
public final class LinuxPublisherFactory implements Publisher.Factory {
  @Override
  public Optional<String> unavailable() {
    return Kernel.unavailable();
  }

  @Override
  public Publisher open(DriverContext context) {
    return new LinuxPublisher(Kernel.open(context));
  }
}
