package dev.keg.windows.device;

import dev.keg.activity.Counters;
import dev.keg.activity.Device;
import dev.keg.activity.Devices;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.PhysicalDisk;
import dev.keg.windows.win32.VolumeGuidPath;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.system.SystemDlls;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The disks that files are stored on, with Windows' counters. */
public final class WindowsDevices implements Devices {
  private static final String SHARE = "\\\\";

  private final Supplier<Dlls> dlls;

  public WindowsDevices() {
    this(SystemDlls::new);
  }

  WindowsDevices(Supplier<Dlls> dlls) {
    this.dlls = dlls;
  }

  /** Windows has no counters for a share, nor for a volume on several disks as a whole. */
  @Override
  public Optional<Device> below(Path file) {
    if (file.toString().startsWith(SHARE)) {
      return Optional.empty();
    }
    Windows windows = new Windows(dlls.get());
    try {
      Optional<VolumeGuidPath> volume = windows.mountPoints().holding(file);
      Optional<PhysicalDisk> disk =
          volume.isPresent() ? windows.volumes().disk(volume.get()) : Optional.empty();
      return disk.map(found -> new Disk(windows, found));
    } catch (Win32Exception _) {
      return Optional.empty();
    }
  }

  private record Disk(Windows windows, PhysicalDisk disk) implements Device {
    @Override
    public String name() {
      return "PhysicalDrive" + disk.number();
    }

    @Override
    public Optional<Counters> counters() {
      try {
        return Optional.of(windows.partitions().counters(disk));
      } catch (Win32Exception _) {
        // It was detached, or has no counters.
        return Optional.empty();
      }
    }
  }
}
