package dev.keg.windows.temp;

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

/** Finds the {@code temp} driver. */
public final class TempDriverFactory implements DriverFactory {
  private final Supplier<Dlls> dlls;

  public TempDriverFactory() {
    this(SystemDlls::new);
  }

  TempDriverFactory(Supplier<Dlls> dlls) {
    this.dlls = dlls;
  }

  @Override
  public String name() {
    return "temp";
  }

  @Override
  public String summary() {
    return "a disk below %TEMP%, empty at mount and gone at unmount";
  }

  @Override
  public List<OptionDescriptor> options() {
    return TempDriver.KNOWN;
  }

  @Override
  public Optional<String> unavailable() {
    return WindowsHost.unavailable();
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new TempDriver(new Windows(dlls.get()), context.environment());
  }
}
