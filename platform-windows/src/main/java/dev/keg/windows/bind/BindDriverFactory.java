package dev.keg.windows.bind;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.windows.WindowsHost;
import java.util.List;
import java.util.Optional;

/** Finds the {@code bind} driver of Windows; Linux has its own of the same name. */
public final class BindDriverFactory implements DriverFactory {
  @Override
  public String name() {
    return "bind";
  }

  @Override
  public String summary() {
    return "a directory of the host, used where it is";
  }

  @Override
  public List<OptionDescriptor> options() {
    return BindDriver.KNOWN;
  }

  @Override
  public Optional<String> unavailable() {
    return WindowsHost.unavailable();
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new BindDriver();
  }
}
