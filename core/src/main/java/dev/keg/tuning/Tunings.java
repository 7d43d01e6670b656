package dev.keg.tuning;

import dev.keg.attachment.Attachment;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Services;
import dev.keg.registry.RegistryLock;
import dev.keg.tuning.TuningRecord.Before;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Changes settings below volumes, stores the changes, and reverts them. */
public final class Tunings {
  private static final String NOT_MOUNTED = "the volume is not mounted";

  private final Services services;
  private final Tuner tuner;
  private final TuningFile files;
  private final DeviceNotes notes;

  public Tunings(Services services, Tuner tuner) {
    this.services = services;
    this.tuner = tuner;
    this.files = new TuningFile(services);
    this.notes = new DeviceNotes(services.registry());
  }

  /** The current settings; changes nothing. */
  public List<Tuned> look(Volume volume, Optional<Path> data) {
    Tuning kept = files.read(volume.name()).wanted();
    List<Tuned> all = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      all.add(look(volume, data, setting, kept));
    }
    return all;
  }

  private Tuned look(Volume volume, Optional<Path> data, Setting setting, Tuning tuning) {
    Optional<String> kept = tuning.value(setting);
    if (data.isEmpty()) {
      return Tuned.unknown(volume.name(), setting, kept, NOT_MOUNTED);
    }
    try {
      Knob knob = knob(volume, data.get(), setting, tuning);
      return Tuned.of(volume.name(), knob, knob.value(), kept);
    } catch (Untunable e) {
      return Tuned.unknown(volume.name(), setting, kept, e.why());
    }
  }

  /**
   * Applies the settings and stores them for later mounts: all of them or none. The data must be
   * visible. They are stored first, so the same call completes a killed one.
   */
  public List<Tuned> change(VolumeName name, Path data, Tuning wanted, boolean dryRun) {
    try (RegistryLock.Held _ = services.registry().lock().lock(name)) {
      Volume volume = services.registry().get("tune", name);
      TuningRecord old = files.read(name);
      TuningRecord changed = old.with(old.wanted().with(wanted));
      List<Step> steps = new ArrayList<>();
      for (Map.Entry<Setting, String> entry : wanted.values().entrySet()) {
        Knob knob = knob(volume, data, entry.getKey(), old.wanted());
        knob.requireChoice(entry.getValue());
        steps.add(new Step(knob, entry.getValue()));
        changed = knob instanceof LaterMounts ? changed : files.remember(changed, knob);
      }
      if (!dryRun) {
        apply(name, old, changed, steps);
      }
      Tuning kept = changed.wanted();
      return steps.stream().map(step -> step.tuned(name, kept)).toList();
    } catch (Untunable e) {
      throw e.failed("tune", name);
    }
  }

  /**
   * Restores the values before the first change and deletes the stored settings. Keeps what
   * somebody else has set since. A damaged record is unreadable and is deleted.
   *
   * @param visible called while the volume is locked; empty if the data is not visible: then its
   *     mount, and its own device, are gone
   */
  public List<Tuned> reset(VolumeName name, Supplier<Optional<Path>> visible, boolean dryRun) {
    try (RegistryLock.Held _ = services.registry().lock().lock(name)) {
      Volume volume = services.registry().get("tune", name);
      TuningRecord old = readToForget(name);
      Optional<Path> data = visible.get();
      if (data.isEmpty()) {
        if (!dryRun) {
          files.write(name, TuningRecord.NONE);
        }
        return old.wanted().values().keySet().stream()
            .map(setting -> Tuned.unknown(name, setting, Optional.empty(), NOT_MOUNTED))
            .toList();
      }
      List<Step> steps = new ArrayList<>();
      for (Setting setting : old.wanted().values().keySet()) {
        Knob knob = knob(volume, data.get(), setting, old.wanted());
        steps.add(new Step(knob, former(name, old, knob)));
      }
      if (!dryRun) {
        forget(name, steps);
      }
      return steps.stream().map(step -> step.tuned(name, Tuning.NONE)).toList();
    } catch (Untunable e) {
      throw e.failed("tune", name);
    }
  }

  private TuningRecord readToForget(VolumeName name) {
    try {
      return files.read(name);
    } catch (Damaged e) {
      services.registry().warn(e.getMessage() + "; what is set now stays");
      return TuningRecord.NONE;
    }
  }

  /** The value of a setting once this volume wants nothing any more. */
  private String former(VolumeName name, TuningRecord old, Knob knob) {
    if (knob instanceof LaterMounts later) {
      return later.inherited().value();
    }
    boolean isOurs = old.wanted().value(knob.setting()).equals(Optional.of(knob.value()));
    return files
        .before(old, knob)
        .filter(_ -> isOurs)
        .map(Before::value)
        .map(value -> files.wantedByAnother(name, knob).orElse(value))
        .orElse(knob.value());
  }

  /** Where holders have the volume mounted now; a mount keeps its own access-time setting. */
  public List<String> mountsOf(VolumeName name, Path data) {
    Path shown = FileFailures.translate("tune", data, data::toRealPath);
    return services.attachments().current(name).stream()
        .filter(Attachment.Mount.class::isInstance)
        .map(holder -> ((Attachment.Mount) holder).target())
        .filter(target -> !target.equals(shown.toString()))
        .toList();
  }

  private Knob knob(Volume volume, Path data, Setting setting, Tuning kept) throws Untunable {
    Knob knob = tuner.knob(data, setting);
    return setting == Setting.ATIME && services.driver("tune", volume).alwaysVisible(volume)
        ? new LaterMounts(knob, kept.value(setting))
        : knob;
  }

  private void apply(VolumeName name, TuningRecord old, TuningRecord changed, List<Step> steps)
      throws Untunable {
    // The note first: a note about a setting that was not changed is harmless.
    for (Step step : steps) {
      files
          .before(changed, step.knob())
          .ifPresent(was -> notes.write(name, step.knob(), was, step.value()));
    }
    if (!changed.equals(old)) {
      files.write(name, changed);
    }
    try {
      set(steps);
    } catch (Untunable e) {
      keep(name, old, e);
      throw e;
    }
  }

  private static void set(List<Step> steps) throws Untunable {
    List<Step> done = new ArrayList<>();
    try {
      for (Step step : steps) {
        step.knob().change(step.value());
        done.add(step);
      }
    } catch (Untunable e) {
      done.reversed().forEach(step -> step.undo(e));
      throw e;
    }
  }

  // Forgotten last, so that the same call completes a killed one.
  private void forget(VolumeName name, List<Step> steps) throws Untunable {
    set(steps);
    try {
      steps.forEach(step -> notes.erase(name, step.knob()));
      files.write(name, TuningRecord.NONE);
    } catch (VolumeException e) {
      steps.reversed().forEach(step -> step.undo(e));
      throw e;
    }
  }

  private void keep(VolumeName name, TuningRecord old, Untunable failure) {
    try {
      files.write(name, old);
    } catch (VolumeException e) {
      failure.addSuppressed(e);
    }
  }

  /** A setting and its new value. */
  private record Step(Knob knob, String value) {
    void undo(Exception failure) {
      try {
        if (!value.equals(knob.value())) {
          knob.set(knob.value());
        }
      } catch (Untunable e) {
        failure.addSuppressed(e);
      }
    }

    Tuned tuned(VolumeName volume, Tuning kept) {
      return Tuned.of(volume, knob, value, kept.value(knob.setting()));
    }
  }
}
