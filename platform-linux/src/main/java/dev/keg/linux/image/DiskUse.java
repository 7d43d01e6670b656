package dev.keg.linux.image;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;

/** Work on a volume's disk, which must exist. */
@FunctionalInterface
interface DiskUse<T> {
  T of(DiskFile file) throws ErrnoException, ToolException, IOException;

  /** Runs it as part of a Keg operation. */
  static <T> T with(String operation, Volume volume, VolumeHome home, DiskUse<T> use) {
    DiskFile file = disk(operation, volume.name(), home);
    return new DriverOperation(operation, volume.name()).get(() -> use.of(file));
  }

  static DiskFile disk(String operation, VolumeName name, VolumeHome home) {
    return new DriverOperation(operation, name)
        .get(() -> DiskFile.in(home))
        .filter(file -> Files.exists(file.path()))
        .orElseThrow(() -> new DriverFailed(operation, name.text(), "its disk is missing"));
  }
}
