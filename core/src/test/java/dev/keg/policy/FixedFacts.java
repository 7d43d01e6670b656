package dev.keg.policy;

import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.time.ZonedDateTime;

/** The same for every volume. */
record FixedFacts(ZonedDateTime now, ZonedDateTime used, Size size) implements VolumeFacts {
  @Override
  public ZonedDateTime lastUsed(Volume volume) {
    return used;
  }

  @Override
  public Size size(Volume volume) {
    return size;
  }
}
