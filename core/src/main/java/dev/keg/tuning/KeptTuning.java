package dev.keg.tuning;

import dev.keg.attachment.Attachment;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Services;
import dev.keg.tuning.TuningRecord.Before;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Applies a volume's stored settings at each of its mounts. The caller holds the volume's lock. A
 * mount without its settings fails; for a device, there is only a warning, since it also works
 * without them. An unreadable record is also only a warning: it is no reason to keep a volume
 * unmounted, or mounted.
 */
public final class KeptTuning {
  private final Services services;
  private final Supplier<Tuner> tuner;
  private final TuningFile files;
  private final DeviceNotes notes;

  public KeptTuning(Services services, Supplier<Tuner> tuner) {
    this.services = services;
    this.tuner = tuner;
    this.files = new TuningFile(services);
    this.notes = new DeviceNotes(services.registry());
  }

  /** Why a volume's stored settings are unreadable; empty if they are readable or absent. */
  public static Optional<VolumeException> damage(Services services, VolumeName name) {
    try {
      TuningRecord _ = new TuningFile(services).read(name);
      return Optional.empty();
    } catch (VolumeException e) {
      return Optional.of(e);
    }
  }

  /** Called after the data became visible at the path, or was already. */
  public void shown(Volume volume, Path data) {
    if (!services.driver("mount", volume).alwaysVisible(volume)) {
      takeOver(volume, data);
    }
    Tuning wanted = wanted(volume);
    if (!wanted.isEmpty() && isShown(volume, data)) {
      set(volume, data, wanted);
    }
  }

  /**
   * Restores what another volume left on a device that this one has now, because of a killed
   * command or an unmount without Keg.
   */
  private void takeOver(Volume volume, Path data) {
    if (!notes.isEmpty() && isShown(volume, data)) {
      takeOver(volume, data, Setting.SCHEDULER);
      takeOver(volume, data, Setting.READAHEAD);
    }
  }

  private void takeOver(Volume volume, Path data, Setting setting) {
    try {
      Knob knob = tuner.get().knob(data, setting);
      TuningRecord left = notes.read(knob);
      if (left.equals(TuningRecord.NONE)
          || files.before(files.readable(volume.name()), knob).isPresent()) {
        return; // the volume's own settings are restored when it is unmounted
      }
      Optional<Before> before = files.before(left, knob);
      if (before.isPresent() && left.wanted().value(setting).equals(Optional.of(knob.value()))) {
        knob.change(before.get().value());
      }
      notes.erase(volume.name(), knob);
    } catch (Untunable _) {
      return; // another volume cannot have left what cannot be set
    }
  }

  private Tuning wanted(Volume volume) {
    try {
      return files.read(volume.name()).wanted();
    } catch (VolumeException e) {
      warnOfMount(volume, String.valueOf(e.getMessage()));
      return Tuning.NONE;
    }
  }

  private void set(Volume volume, Path data, Tuning all) {
    for (Map.Entry<Setting, String> wanted : all.values().entrySet()) {
      Setting setting = wanted.getKey();
      try {
        if (!isOfLaterMounts(volume, setting)) {
          set(volume, tuner.get().knob(data, setting), wanted.getValue());
        }
      } catch (Untunable e) {
        if (setting.isOfMount()) {
          throw e.unmountable(volume.name());
        }
        warnOfMount(volume, e.why());
      }
    }
  }

  private void warnOfMount(Volume volume, String why) {
    services.registry().warn("%s is mounted without its tuning: %s".formatted(volume.name(), why));
  }

  /**
   * Called before the data is mounted for a holder with options that apply to its whole file
   * system.
   */
  public void share(VolumeName volume, Path data, Set<String> words, Attachment.Mount holder) {
    if (words.isEmpty()) {
      return;
    }
    boolean alone = services.attachments().others(volume, holder).isEmpty();
    try {
      tuner.get().share(data, words, alone);
    } catch (Untunable e) {
      throw e.failed("mount", volume);
    }
  }

  /** Called after the data, or a part of it, was also mounted at a site. */
  public void published(VolumeName volume, Path site) {
    Optional<String> atime = files.readable(volume).wanted().value(Setting.ATIME);
    try {
      if (atime.isPresent()) {
        Knob knob = tuner.get().knob(site, Setting.ATIME);
        // Somebody who can change the path may have redirected it since.
        if (!knob.place().equals(site.toString())) {
          throw new Untunable("%s now leads to %s".formatted(site, knob.place()), null);
        }
        knob.requireChoice(atime.get());
        knob.change(atime.get());
      }
    } catch (Untunable e) {
      throw e.unmountable(volume);
    }
  }

  /**
   * Called before the data becomes invisible: restores the values of a device that only this volume
   * uses, for its next user.
   */
  public void hiding(Volume volume, Path data) {
    try {
      TuningRecord record = files.read(volume.name());
      if (!record.wanted().isEmpty() && isShown(volume, data)) {
        giveBack(volume, data, record);
      }
    } catch (VolumeException e) {
      services.registry().warn(String.valueOf(e.getMessage()));
    }
  }

  private void giveBack(Volume volume, Path data, TuningRecord record) {
    List<Before> over = new ArrayList<>();
    for (Setting setting : record.wanted().values().keySet()) {
      try {
        if (!setting.isOfMount()) {
          Knob knob = tuner.get().knob(data, setting);
          Optional<Before> before = files.before(record, knob);
          if (before.isPresent() && knob.sharers().isEmpty()) {
            knob.change(before.get().value());
            notes.erase(volume.name(), knob);
            over.add(before.get());
          }
        }
      } catch (Untunable e) {
        services
            .registry()
            .warn("%s is unmounted with its tuning: %s".formatted(volume.name(), e.why()));
      }
    }
    if (!over.isEmpty()) {
      files.write(volume.name(), record.without(over));
    }
  }

  /** Whether the volume is mounted: otherwise the directory is on the host's disk. */
  private boolean isShown(Volume volume, Path data) {
    return services.driver("mount", volume).alwaysVisible(volume)
        || services.attachments().system().isMounted(inMountTable(data).toString());
  }

  // Does not access the data itself: its server may not answer.
  private static Path inMountTable(Path data) {
    return FileFailures.translate(
        "mount", data, () -> data.resolveSibling("").toRealPath().resolve(data.getFileName()));
  }

  /** Whether the setting is for later mounts of a directory, rather than for an existing mount. */
  private boolean isOfLaterMounts(Volume volume, Setting setting) {
    return setting == Setting.ATIME && services.driver("mount", volume).alwaysVisible(volume);
  }

  private void set(Volume volume, Knob knob, String value) throws Untunable {
    knob.requireChoice(value);
    TuningRecord record = files.read(volume.name());
    TuningRecord remembered = files.remember(record, knob);
    if (!remembered.equals(record)) {
      files.write(volume.name(), remembered);
    }
    files.before(remembered, knob).ifPresent(was -> notes.write(volume.name(), knob, was, value));
    knob.change(value);
  }
}
