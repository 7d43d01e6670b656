package dev.keg.health;

import dev.keg.driver.Examines;
import dev.keg.driver.Examines.Examined;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Services;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Checks the file system in an image, or the format of a disk. This reads all of the metadata,
 * which takes long, so it is done only on request.
 *
 * @param limit how long one volume may take
 */
public record StorageCheck(Duration limit, Listener listener) {
  /** Receives the progress, and what was not examined. */
  public interface Listener {
    /** The examination begins. */
    void examining(VolumeName volume);

    /** It is in use, or cannot be examined in its current state. */
    void skipped(VolumeName volume, String why);

    /** The examination failed. */
    void failed(VolumeException why);
  }

  List<Finding> of(Volume volume, Services services) {
    VolumeName name = volume.name();
    VolumeHome home = services.home(name);
    Optional<VolumeDriver> driver = services.available(volume);
    if (Thread.currentThread().isInterrupted()
        || driver.isEmpty()
        || !(driver.get() instanceof Examines examines)) {
      return List.of();
    }
    try {
      if (driver.get().storage(volume, home).missing()) {
        return List.of();
      }
      listener.examining(name);
      Examined examined =
          isUsed(name, services)
              ? new Examined.Skipped("it is in use")
              : examines.examine(volume, home, limit);
      return switch (examined) {
        case Examined.Sound _ -> List.of();
        case Examined.Skipped(String why) -> {
          listener.skipped(name, why);
          yield List.of();
        }
        case Examined.Flawed flaw -> List.of(finding(name, flaw));
      };
    } catch (VolumeException e) {
      listener.failed(e);
      return List.of();
    }
  }

  private static boolean isUsed(VolumeName name, Services services) {
    return !services.attachments().current(name).isEmpty()
        || !services.attachments().mounts().inside(name).isEmpty();
  }

  private static Finding finding(VolumeName name, Examined.Flawed flaw) {
    Finding finding = new Finding(name.text(), flaw.problem(), flaw.consequence(), flaw.remedy());
    return flaw.losesData() ? finding.critical() : finding;
  }
}
