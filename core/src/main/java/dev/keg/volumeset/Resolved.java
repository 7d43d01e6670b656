package dev.keg.volumeset;

import dev.keg.mountspec.MountSpec;
import dev.keg.volume.Volume;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mount whose volume, if it is one of a volume, exists.
 *
 * @param created whether the volume was made for this mount
 */
public record Resolved(MountSpec spec, @Nullable Volume found, boolean created) {
  public Resolved {
    if (spec instanceof MountSpec.Named && found == null) {
      throw new IllegalArgumentException("a mount of a volume has one");
    }
  }

  public Optional<Volume> volume() {
    return Optional.ofNullable(found);
  }
}
