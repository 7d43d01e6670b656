package dev.keg.tuning;

import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.registry.VolumeRegistry;
import dev.keg.tuning.TuningRecord.Before;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Notes what a volume has set on each device that it alone uses, until the values are restored. If
 * a note outlives its volume's mount, the next volume on the device learns the earlier value. A
 * note about a removed device does not apply to a later one with its name. Writing requires the
 * lock of the volume that has the device.
 */
final class DeviceNotes {
  private final VolumeRegistry registry;
  private final Path directory;

  DeviceNotes(VolumeRegistry registry) {
    this.registry = registry;
    this.directory = registry.layout().tuned();
  }

  /** Whether there are no notes: the usual case, which takes a single call. */
  boolean isEmpty() {
    return FileFailures.translate(
        "read notes of devices",
        directory,
        () -> {
          try (DirectoryStream<Path> notes = Files.newDirectoryStream(directory)) {
            return !notes.iterator().hasNext();
          } catch (NoSuchFileException _) {
            return true;
          }
        });
  }

  /**
   * Called before the setting changes. A setting of a mount disappears with the mount, so it needs
   * no note.
   */
  void write(VolumeName volume, Knob knob, Before before, String value) {
    if (isOfDevice(knob)) {
      Tuning set = Tuning.NONE.with(knob.setting(), value);
      registry
          .files()
          .note(volume, directory, fileName(knob), new TuningRecord(set, List.of(before)).bytes());
    }
  }

  /** Empty if there is no readable note. */
  TuningRecord read(Knob knob) {
    Path file = directory.resolve(fileName(knob));
    try {
      return isOfDevice(knob) ? TuningRecord.parse(file, SmallFile.read(file)) : TuningRecord.NONE;
    } catch (IOException | IllegalArgumentException | VolumeException _) {
      return TuningRecord.NONE;
    }
  }

  void erase(VolumeName volume, Knob knob) {
    if (isOfDevice(knob)) {
      registry.files().eraseNote(volume, directory, fileName(knob));
    }
  }

  private static boolean isOfDevice(Knob knob) {
    return !knob.setting().isOfMount() && knob.sharers().isEmpty() && knob.place().indexOf('/') < 0;
  }

  private static String fileName(Knob knob) {
    return "%s.%s.json".formatted(knob.place(), knob.setting().word());
  }
}
