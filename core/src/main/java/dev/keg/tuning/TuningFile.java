package dev.keg.tuning;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.lifecycle.Services;
import dev.keg.registry.VolumeRegistry;
import dev.keg.tuning.TuningRecord.Before;
import dev.keg.tuning.TuningRecord.HostBoot;
import dev.keg.volume.VolumeName;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads and writes a volume's stored tuning. Writing requires the volume's lock. */
final class TuningFile {
  private final Services services;
  private final VolumeRegistry registry;

  TuningFile(Services services) {
    this.services = services;
    this.registry = services.registry();
  }

  TuningRecord read(VolumeName name) {
    Path file = registry.layout().tuning(services.home(name));
    return FileFailures.translate(
        "read tuning of " + name,
        file,
        () -> {
          try {
            return TuningRecord.parse(file, SmallFile.read(file));
          } catch (NoSuchFileException _) {
            return TuningRecord.NONE;
          } catch (InvalidDocument | IllegalArgumentException e) {
            throw new Damaged(file.toString(), String.valueOf(e.getMessage()));
          }
        });
  }

  /** Deletes the file if the record is empty. */
  void write(VolumeName name, TuningRecord tuning) {
    Path file = registry.layout().tuning(services.home(name));
    Path home = services.home(name).path();
    String fileName = String.valueOf(file.getFileName());
    if (tuning.equals(TuningRecord.NONE)) {
      registry.files().erase(name, home, fileName);
    } else {
      registry.files().write(name, home, fileName, tuning.bytes());
    }
  }

  /** Adds the value of a setting before its first change, by this or another volume. */
  TuningRecord remember(TuningRecord record, Knob knob) {
    return before(record, knob).isPresent()
        ? record
        : record.with(
            new Before(now(), knob.setting(), knob.identity(), first(knob).orElse(knob.value())));
  }

  // Only a shared setting can have been changed for another volume.
  private Optional<String> first(Knob knob) {
    return knob.sharers().isEmpty()
        ? Optional.empty()
        : registry.names().stream()
            .flatMap(other -> before(readable(other), knob).stream())
            .map(Before::value)
            .findFirst();
  }

  /** The value that another volume wants for a setting that both share. */
  Optional<String> wantedByAnother(VolumeName name, Knob knob) {
    return knob.sharers().isEmpty()
        ? Optional.empty()
        : registry.names().stream()
            .filter(other -> !other.equals(name))
            .map(this::readable)
            .filter(other -> before(other, knob).isPresent())
            .flatMap(other -> other.wanted().value(knob.setting()).stream())
            .findFirst();
  }

  /** Empty if it is unreadable. */
  TuningRecord readable(VolumeName name) {
    try {
      return read(name);
    } catch (VolumeException _) {
      return TuningRecord.NONE;
    }
  }

  /**
   * The value of a setting before its first change; empty if it was not changed since this host
   * booted.
   */
  Optional<Before> before(TuningRecord record, Knob knob) {
    HostBoot now = now();
    return record.before().stream().filter(known -> known.isOf(now, knob)).findFirst();
  }

  private HostBoot now() {
    var system = services.attachments().system();
    return new HostBoot(system.hostId(), system.bootId());
  }
}
