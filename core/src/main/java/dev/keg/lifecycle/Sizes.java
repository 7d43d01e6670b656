package dev.keg.lifecycle;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.driver.Compacts;
import dev.keg.driver.Drivers;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.file.FileFailures;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.function.Predicate;

/** Changes how much volumes can hold and how much they take. */
public final class Sizes {
  private final VolumeRegistry registry;
  private final Attachments attachments;
  private final Drivers drivers;
  private final Secrets secrets;

  public Sizes(VolumeRegistry registry, Attachments attachments, Drivers drivers, Secrets secrets) {
    this.registry = registry;
    this.attachments = attachments;
    this.drivers = drivers;
    this.secrets = secrets;
  }

  /**
   * Grows or shrinks the volume. What was killed between the change and its record is completed by
   * the same command.
   */
  public Volume resize(String text, Size size) {
    VolumeName name = registry.openFor("resize", text);
    try (var _ = registry.lock().lock(name)) {
      Volume volume = registry.get("resize", name);
      if (!(driver("resize", volume) instanceof Resizes driver)) {
        throw new NotSupported(
            "resize",
            text,
            "driver '%s' cannot change the size of a volume".formatted(volume.driver()));
      }
      requireOurs("resize", name);
      Volume resized =
          volume.withOptions(driver.resize(volume, registry.layout().home(name), size, secrets));
      if (!resized.equals(volume)) {
        registry.replace(resized);
      }
      return resized;
    }
  }

  /** Gives back room that the volume has taken and does not need, and says how much that was. */
  public Size compact(String text) {
    VolumeName name = registry.openFor("compact", text);
    try (var _ = registry.lock().lock(name)) {
      Volume volume = registry.get("compact", name);
      if (!(driver("compact", volume) instanceof Compacts driver)) {
        throw new NotSupported(
            "compact",
            text,
            "a volume of driver '%s' takes no more room than its data".formatted(volume.driver()));
      }
      requireOurs("compact", name);
      VolumeHome home = registry.layout().home(name);
      long before = room(driver, volume, home);
      driver.compact(volume, home);
      return new Size(Math.max(0, before - room(driver, volume, home)));
    }
  }

  private static long room(Compacts driver, Volume volume, VolumeHome home) {
    return FileFailures.translate(
            "measure " + volume.name(), home.path(), () -> driver.room(volume, home))
        .bytes();
  }

  private VolumeDriver driver(String operation, Volume volume) {
    return drivers.open(volume.driver(), operation, volume.name().text());
  }

  /**
   * Refuses a volume that a machine has, or that is mounted where the driver here does not see it:
   * on another host, or in another namespace. It would change what somebody writes to.
   */
  private void requireOurs(String operation, VolumeName name) {
    List<Attachment> holders =
        attachments.current(name).stream()
            .filter(Predicate.not(attachments::isMountedHere))
            .toList();
    Attachments.refuse(operation, name, holders);
  }
}
