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

/** The facts beyond a volume's description that rules need. */
public interface VolumeFacts {
  ZonedDateTime now();

  /** When somebody last held it, or it was created; now if somebody holds it. */
  ZonedDateTime lastUsed(Volume volume);

  /** The size of its data. */
  Size size(Volume volume);

  /** The facts of a root's volumes. Measuring takes long, so it is done once per volume. */
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
