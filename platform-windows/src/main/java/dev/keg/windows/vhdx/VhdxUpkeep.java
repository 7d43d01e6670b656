package dev.keg.windows.vhdx;

import dev.keg.disk.DiskKind;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.windows.driver.DiskLimits;
import dev.keg.windows.driver.OptionString;
import dev.keg.windows.driver.ShownDisk;
import dev.keg.windows.driver.WindowsOperation;
import dev.keg.windows.win32.VirtualDisks.Effort;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import java.io.IOException;
import java.util.Optional;

/** Grows and compacts the disks of volumes. */
record VhdxUpkeep(Windows windows, VolumeHomes homes) {
  Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    Size wanted = DiskLimits.wholeMebibytes(size);
    DriverOptions given = DriverOptions.of(volume.name(), volume.options(), VhdxOptions.KNOWN);
    VhdxFile disk = VhdxDriver.disk("resize", volume.name(), home);
    ShownDisk shown = new ShownDisk(windows, disk.path(), home.data());
    try (CachedSecret asked = new CachedSecret(secrets)) {
      ShownDisk.VolumeWork unlock = new VhdxEncryption(windows, "resize", given, asked)::unlock;
      new WindowsOperation("resize", volume.name())
          .run(
              () -> {
                if (mustGrow(volume.name().text(), disk, wanted, shown, unlock)) {
                  shown.grow(wanted, unlock);
                }
              });
    }
    return OptionString.spread(given, VhdxOptions.KNOWN)
        .options()
        .with("size", Long.toString(wanted.bytes()));
  }

  /** Refuses what is impossible before anything is changed. */
  private boolean mustGrow(
      String volume, VhdxFile disk, Size wanted, ShownDisk shown, ShownDisk.VolumeWork unlock)
      throws Win32Exception, IOException {
    int change = wanted.compareTo(windows.disks().size(disk.path()));
    if (change < 0) {
      throw new NotSupported("resize", volume, "a vhdx disk cannot shrink");
    }
    if (disk.hasChildren(windows, homes)) {
      throw new NotSupported("resize", volume, "other volumes are built on its disk");
    }
    Optional<String> obstacle = shown.obstacleToGrowth(unlock);
    if (obstacle.isPresent() && change > 0) {
      throw new NotSupported("resize", volume, obstacle.get());
    }
    return obstacle.isEmpty();
  }

  void compact(VolumeName name, VolumeHome home, Effort effort) {
    VhdxFile disk = VhdxDriver.disk("compact", name, home);
    new WindowsOperation("compact", name)
        .run(
            () -> {
              refuseCompacting(name.text(), disk);
              new ShownDisk(windows, disk.path(), home.data()).compact(effort);
            });
  }

  private void refuseCompacting(String volume, VhdxFile disk) throws Win32Exception, IOException {
    if (windows.disks().attached(disk.path()).isPresent()) {
      throw new NotSupported("compact", volume, "it is mounted; unmount it first");
    }
    if (disk.read().kind() == DiskKind.FIXED) {
      throw new NotSupported("compact", volume, "a fixed disk cannot be compacted");
    }
    if (disk.hasChildren(windows, homes)) {
      throw new NotSupported("compact", volume, "other volumes are built on its disk");
    }
  }
}
