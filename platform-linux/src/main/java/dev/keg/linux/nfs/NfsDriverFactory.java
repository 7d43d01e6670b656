package dev.keg.linux.nfs;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.linux.ShareDriver;
import dev.keg.linux.kernel.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The driver {@code nfs}. */
public final class NfsDriverFactory implements DriverFactory {
  private final Function<DriverContext, Kernel> kernel;

  public NfsDriverFactory() {
    this(Kernel::open);
  }

  NfsDriverFactory(Function<DriverContext, Kernel> kernel) {
    this.kernel = kernel;
  }

  @Override
  public String name() {
    return "nfs";
  }

  @Override
  public String summary() {
    return "a directory of an NFS server";
  }

  @Override
  public List<OptionDescriptor> options() {
    return NfsOptions.DESCRIPTORS;
  }

  @Override
  public Optional<String> unavailable() {
    return Kernel.unavailable().or(() -> Kernel.lacks("mount.nfs"));
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new ShareDriver(kernel.apply(context), NfsOptions::of);
  }
}
