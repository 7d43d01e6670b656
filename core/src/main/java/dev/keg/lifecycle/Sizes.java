package dev.keg.lifecycle;

import dev.keg.driver.Compacts;
import dev.keg.driver.Resizes;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.file.FileFailures;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;

/** Changes the capacity of volumes and frees unneeded space. */
public final class Sizes {
  private final Services services;
  private final VolumeRegistry registry;

  public Sizes(Services services) {
    this.services = services;
    this.registry = services.registry();
  }

  /**
   * Grows or shrinks the volume. If it is killed before the new size is recorded, the same command
   * completes it.
   */
  public Volume resize(String text, Size size) {
    VolumeName name = registry.openFor("resize", text);
    try (var _ = registry.lock().lock(name)) {
      Volume volume = registry.get("resize", name);
      if (!(services.driver("resize", volume) instanceof Resizes driver)) {
        throw new NotSupported(
            "resize",
            text,
            "driver '%s' cannot change the size of a volume".formatted(volume.driver()));
      }
      MoveJournal.requireHere("resize", name, services.home(name));
      services.conflicts().refuseResizing("resize", name);
      if (!grows(volume, size)) {
        services.requireUnprotected("resize", volume);
      }
      Options resized = driver.resize(volume, services.home(name), size, services.secrets());
      return resized.equals(volume.options())
          ? volume
          : services.replace(volume, now -> now.withOptions(resized));
    }
  }

  // If the capacity is unknown, nobody can be sure that nothing is lost.
  private boolean grows(Volume volume, Size size) {
    return new Overview(services, volume)
        .storage()
        .capacity()
        .filter(capacity -> size.compareTo(capacity) >= 0)
        .isPresent();
  }

  /** Frees space that the volume occupies but does not need, and returns how much was freed. */
  public Size compact(String text) {
    return compact(text, false);
  }

  /**
   * The same.
   *
   * @param full whether to read all of the volume, which takes longer and may free more
   */
  public Size compact(String text, boolean full) {
    VolumeName name = registry.openFor("compact", text);
    try (var _ = registry.lock().lock(name)) {
      Volume volume = registry.get("compact", name);
      if (!(services.driver("compact", volume) instanceof Compacts driver)) {
        throw new NotSupported(
            "compact",
            text,
            "a volume of driver '%s' occupies no more space than its data"
                .formatted(volume.driver()));
      }
      if (full && !(driver instanceof Compacts.Fully)) {
        throw new NotSupported(
            "compact",
            text,
            "driver '%s' has only one way to compact; leave out --full".formatted(volume.driver()));
      }
      services.conflicts().refuseResizing("compact", name);
      VolumeHome home = services.home(name);
      long before = room(driver, volume, home);
      if (full && driver instanceof Compacts.Fully thorough) {
        thorough.compactFully(volume, home);
      } else {
        driver.compact(volume, home);
      }
      return new Size(Math.max(0, before - room(driver, volume, home)));
    }
  }

  private static long room(Compacts driver, Volume volume, VolumeHome home) {
    return FileFailures.translate(
            "measure " + volume.name(), home.path(), () -> driver.room(volume, home))
        .bytes();
  }
}
