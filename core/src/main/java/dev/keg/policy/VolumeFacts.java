package dev.keg.policy;

import dev.keg.backup.save.BackupContext;
import dev.keg.lifecycle.Overview;
import dev.keg.registry.ArchivedVolume;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;

/** What rules ask of a volume beyond its description. */
public interface VolumeFacts {
  ZonedDateTime now();

  /** When somebody last held it, or it was made; now if somebody holds it. */
  ZonedDateTime lastUsed(Volume volume);

  /** How much data it has. */
  Size size(Volume volume);

  /** Those of a root. To measure a volume takes long, so it is done once. */
  static VolumeFacts of(BackupContext context) {
    Map<VolumeName, Size> measured = new HashMap<>();
    return new VolumeFacts() {
      @Override
      public ZonedDateTime now() {
        return context.clock().instant().atZone(context.services().clock().getZone());
      }

      @Override
      public ZonedDateTime lastUsed(Volume volume) {
        Overview overview = context.volumes().overview(volume);
        return overview.isHeld()
            ? now()
            : overview.lastUsed().orElse(volume.created()).atZone(now().getZone());
      }

      @Override
      public Size size(Volume volume) {
        return measured.computeIfAbsent(
            volume.name(),
            _ ->
                ArchivedVolume.read(context.home(volume))
                    .map(ArchivedVolume::size)
                    .orElseGet(() -> context.volumes().usage(volume)));
      }
    };
  }
}
