package dev.keg.windows.local;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.local.LocalAccess;
import dev.keg.windows.driver.GrantOptions;
import dev.keg.windows.driver.WindowsOperation;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.VolumeFormat;
import dev.keg.windows.win32.Windows;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Gives accounts access to the directories of new volumes. */
public final class GrantedDirectories implements LocalAccess {
  private final Supplier<Dlls> dlls;

  public GrantedDirectories(Supplier<Dlls> dlls) {
    this.dlls = dlls;
  }

  // Protecting a root requires a file system with access control lists.
  private static Grants grants(DriverOptions options) {
    return GrantOptions.of(options, VolumeFormat.NTFS);
  }

  @Override
  public void validate(DriverOptions options) {
    Grants _ = grants(options);
  }

  @Override
  public void apply(String operation, DriverOptions options, Path directory) {
    Grants grants = grants(options);
    if (!grants.equals(Grants.NONE)) {
      new WindowsOperation(operation, options.volume())
          .run(() -> new Windows(dlls.get()).security().restrict(directory, grants));
    }
  }
}
