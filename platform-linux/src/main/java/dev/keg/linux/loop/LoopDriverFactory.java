package dev.keg.linux.loop;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.linux.kernel.Kernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The driver {@code loop}. */
public final class LoopDriverFactory implements DriverFactory {
  private static final Path CONTROL = Path.of("/dev/loop-control");

  private final Function<DriverContext, Kernel> kernel;

  public LoopDriverFactory() {
    this(Kernel::open);
  }

  LoopDriverFactory(Function<DriverContext, Kernel> kernel) {
    this.kernel = kernel;
  }

  @Override
  public String name() {
    return "loop";
  }

  @Override
  public String summary() {
    return "a file system of its own in a file: a size limit anywhere, encrypted on request";
  }

  @Override
  public List<OptionDescriptor> options() {
    return LoopOptions.DESCRIPTORS;
  }

  @Override
  public Optional<String> unavailable() {
    return Kernel.unavailable()
        .or(
            () ->
                Files.exists(CONTROL)
                    ? Optional.empty()
                    : Optional.of("there is no " + CONTROL + "; modprobe loop makes it"));
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new LoopDriver(kernel.apply(context));
  }
}
