package dev.keg.linux.tmpfs;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.linux.kernel.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The driver {@code tmpfs}. */
public final class TmpfsDriverFactory implements DriverFactory {
  private final Function<DriverContext, Kernel> kernel;

  public TmpfsDriverFactory() {
    this(Kernel::open);
  }

  TmpfsDriverFactory(Function<DriverContext, Kernel> kernel) {
    this.kernel = kernel;
  }

  @Override
  public String name() {
    return "tmpfs";
  }

  @Override
  public String summary() {
    return "memory; its content is gone when the last holder unmounts it";
  }

  @Override
  public List<OptionDescriptor> options() {
    return TmpfsOptions.DESCRIPTORS;
  }

  @Override
  public Optional<String> unavailable() {
    return Kernel.unavailable();
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new TmpfsDriver(kernel.apply(context));
  }
}
