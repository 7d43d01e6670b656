package dev.keg.linux.overlay;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.linux.kernel.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The driver {@code overlay}. */
public final class OverlayDriverFactory implements DriverFactory {
  static final List<OptionDescriptor> OPTIONS =
      List.of(new OptionDescriptor("lower", "VOLUME", "what it begins as; required"));

  private final Function<DriverContext, Kernel> kernel;

  public OverlayDriverFactory() {
    this(Kernel::open);
  }

  OverlayDriverFactory(Function<DriverContext, Kernel> kernel) {
    this.kernel = kernel;
  }

  @Override
  public String name() {
    return "overlay";
  }

  @Override
  public String summary() {
    return "a copy of another volume that keeps only what differs from it";
  }

  @Override
  public List<OptionDescriptor> options() {
    return OPTIONS;
  }

  @Override
  public Optional<String> unavailable() {
    return Kernel.unavailable();
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new OverlayDriver(kernel.apply(context), context.homes());
  }
}
