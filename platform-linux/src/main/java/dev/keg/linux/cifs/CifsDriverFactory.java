package dev.keg.linux.cifs;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.linux.ShareDriver;
import dev.keg.linux.kernel.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The driver {@code cifs}. */
public final class CifsDriverFactory implements DriverFactory {
  private final Function<DriverContext, Kernel> kernel;

  public CifsDriverFactory() {
    this(Kernel::open);
  }

  CifsDriverFactory(Function<DriverContext, Kernel> kernel) {
    this.kernel = kernel;
  }

  @Override
  public String name() {
    return "cifs";
  }

  @Override
  public String summary() {
    return "a share of an SMB server such as Samba or Windows";
  }

  @Override
  public List<OptionDescriptor> options() {
    return CifsOptions.DESCRIPTORS;
  }

  @Override
  public Optional<String> unavailable() {
    return Kernel.unavailable().or(() -> Kernel.lacks("mount.cifs"));
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new ShareDriver(kernel.apply(context), CifsOptions::of);
  }
}
