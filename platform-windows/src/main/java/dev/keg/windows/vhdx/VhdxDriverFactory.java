package dev.keg.windows.vhdx;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.windows.WindowsHost;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.SystemDlls;
import dev.keg.windows.win32.Windows;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the {@code vhdx} driver. */
public final class VhdxDriverFactory implements DriverFactory {
  private final Supplier<Dlls> dlls;

  public VhdxDriverFactory() {
    this(SystemDlls::new);
  }

  VhdxDriverFactory(Supplier<Dlls> dlls) {
    this.dlls = dlls;
  }

  @Override
  public String name() {
    return "vhdx";
  }

  @Override
  public String summary() {
    return "a virtual disk of Windows, with a file system of its own";
  }

  @Override
  public List<OptionDescriptor> options() {
    return VhdxOptions.KNOWN;
  }

  @Override
  public Optional<String> unavailable() {
    return WindowsHost.unavailable();
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new VhdxDriver(new Windows(dlls.get()), context.homes());
  }
}
