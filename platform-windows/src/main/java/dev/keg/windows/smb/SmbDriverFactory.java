package dev.keg.windows.smb;

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

/** Finds the {@code smb} driver. */
public final class SmbDriverFactory implements DriverFactory {
  private final Supplier<Dlls> dlls;

  public SmbDriverFactory() {
    this(SystemDlls::new);
  }

  SmbDriverFactory(Supplier<Dlls> dlls) {
    this.dlls = dlls;
  }

  @Override
  public String name() {
    return "smb";
  }

  @Override
  public String summary() {
    return "a share of a file server";
  }

  @Override
  public List<OptionDescriptor> options() {
    return SmbOptions.KNOWN;
  }

  @Override
  public Optional<String> unavailable() {
    return WindowsHost.unavailable();
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new SmbDriver(new Windows(dlls.get()), context.environment());
  }
}
