package dev.keg.linux.image;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.linux.kernel.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds the {@code image} driver. */
public final class ImageDriverFactory implements DriverFactory {
  private final Function<DriverContext, Kernel> kernel;
  private final NbdDevices.Host host;

  public ImageDriverFactory() {
    this(Kernel::open, NbdDevices.Host.SYSTEM);
  }

  ImageDriverFactory(Function<DriverContext, Kernel> kernel, NbdDevices.Host host) {
    this.kernel = kernel;
    this.host = host;
  }

  @Override
  public String name() {
    return "image";
  }

  @Override
  public String summary() {
    return "a disk image for a virtual machine";
  }

  @Override
  public List<OptionDescriptor> options() {
    return ImageOptions.KNOWN;
  }

  @Override
  public Optional<String> unavailable() {
    return System.getProperty("os.name", "").equals("Linux")
        ? Optional.empty()
        : Optional.of("it needs Linux");
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    Kernel opened = kernel.apply(context);
    return new ImageDriver(opened, new NbdDevices(opened.tools(), host), context.homes());
  }
}
