package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes volumes visible to commands that read or replace their data. */
public final class Views {
  private final MountContext context;
  private final VolumeRegistry registry;
  private final Holds holds;

  public Views(MountContext context) {
    this.context = context;
    this.registry = context.registry();
    this.holds = new Holds(context);
  }

  /** For a reader, beside other holders of the volume. */
  public View open(String operation, VolumeName name) {
    return open(operation, find(operation, name), false);
  }

  /**
   * For a command that replaces the data: nobody else may hold the volume. A hold left by a killed
   * command of this kind is taken over.
   */
  public View openAlone(String operation, VolumeName name) {
    Volume volume = find(operation, name);
    alone(operation, volume, killed(volume), () -> {});
    return open(operation, volume, true);
  }

  private Volume find(String operation, VolumeName name) {
    if (!registry.openForReading()) {
      throw new NotFound(operation, name.text());
    }
    registry.openForWriting();
    return registry.get(operation, name);
  }

  private View open(String operation, Volume volume, boolean exclusive) {
    Optional<Path> mountpoint = holds.mountpoint(volume);
    if (mountpoint.isEmpty()) {
      Path data = registry.layout().home(volume.name()).data();
      return new View(this, volume, data, false, null);
    }
    Attachment.Mount hold = record(mountpoint.get(), exclusive);
    boolean before = !exclusive && isRecorded(volume.name(), hold);
    if (before) {
      // It was mounted by hand, and stays mounted.
      return new View(this, volume, mountpoint.get(), true, null);
    }
    if (exclusive) {
      holds.holdAnyhow(volume.name(), hold);
    } else {
      holds.hold(operation, volume.name(), hold, _ -> {});
    }
    return new View(this, volume, mountpoint.get(), true, hold);
  }

  private Attachment.Mount record(Path mountpoint, boolean exclusive) {
    Path real = DataAccess.real(mountpoint);
    return context.record(new PlanOwner.Hand(real), real, !exclusive, exclusive);
  }

  private boolean isRecorded(VolumeName name, Attachment.Mount hold) {
    return context.attachments().current(name).stream().anyMatch(other -> other.isSameHold(hold));
  }

  /** The hold of a command that was killed while it replaced the data. */
  private Attachment.@Nullable Mount killed(Volume volume) {
    Optional<Attachment.Mount> own =
        holds.mountpoint(volume).map(mountpoint -> record(mountpoint, true));
    return own.flatMap(
            mine ->
                context.attachments().current(volume.name()).stream()
                    .filter(other -> other.isSameHold(mine))
                    .map(Attachment.Mount.class::cast)
                    .filter(Attachment.Mount::exclusive)
                    .findFirst())
        .orElse(null);
  }

  void alone(String operation, Volume volume, Attachment.@Nullable Mount own, Runnable work) {
    VolumeName name = volume.name();
    try (var _ = registry.lock().lock(name)) {
      var _ = registry.get(operation, name);
      context
          .services()
          .conflicts()
          .refuseReplacing(
              operation,
              name,
              other -> own != null && other.isSameHold(own),
              holds.mountpoint(volume).map(DataAccess::real));
      work.run();
    }
  }

  void release(VolumeName name, Attachment.Mount hold) {
    holds.release(name, hold, false);
  }
}
