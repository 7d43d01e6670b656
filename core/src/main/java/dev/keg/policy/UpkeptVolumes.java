package dev.keg.policy;

import dev.keg.backup.drill.ScratchVolume;
import dev.keg.backup.save.BackupContext;
import dev.keg.error.VolumeException;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.RegistryEntry;
import dev.keg.volume.Volume;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The volumes of a root that policies apply to: all except those of drills and of moves. */
record UpkeptVolumes(Policies policies, BackupContext context, VolumeFacts facts) {
  List<Volume> list(Consumer<VolumeException> problems) {
    if (!context.registry().openForReading()) {
      return List.of();
    }
    List<Volume> volumes = new ArrayList<>();
    for (RegistryEntry entry : context.registry().catalog().ownList()) {
      switch (entry) {
        case RegistryEntry.Intact(Volume volume) -> {
          if (!ScratchVolume.isOne(volume.name(), context.home(volume))
              && !ArchivedVolume.isReturning(volume)) {
            volumes.add(volume);
          }
        }
        case RegistryEntry.Broken(String _, VolumeException problem) -> problems.accept(problem);
      }
    }
    return volumes;
  }

  /** The same without the archived ones. */
  List<Volume> here(Consumer<VolumeException> problems) {
    return list(problems).stream()
        .filter(volume -> !ArchivedVolume.isIn(context.home(volume)))
        .toList();
  }

  /** The archived ones. */
  Map<Volume, ArchivedVolume> archived(Consumer<VolumeException> problems) {
    Map<Volume, ArchivedVolume> archived = new LinkedHashMap<>();
    if (context.registry().pools().list().stream().anyMatch(p -> p.repository().isPresent())) {
      for (Volume volume : list(_ -> {})) {
        try {
          ArchivedVolume.read(context.home(volume)).ifPresent(it -> archived.put(volume, it));
        } catch (VolumeException e) {
          problems.accept(e);
        }
      }
    }
    return archived;
  }

  VolumePolicy policy(Volume volume) {
    return policies.of(volume, facts);
  }
}
