package dev.keg.lifecycle;

import dev.keg.volume.Labels;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import java.util.List;
import java.util.Optional;

/**
 * A change of a volume's description: labels are added, then the named ones removed; absent parts
 * stay unchanged.
 */
public record VolumeChange(
    Labels added,
    List<String> removed,
    Optional<String> description,
    Optional<Protection> protection) {
  public VolumeChange {
    removed = List.copyOf(removed);
  }

  public static VolumeChange ofLabels(Labels added, List<String> removed) {
    return new VolumeChange(added, removed, Optional.empty(), Optional.empty());
  }

  Volume of(Volume volume) {
    return volume
        .withLabels(volume.labels().with(added).without(removed))
        .withDescription(description.orElse(volume.details().description()))
        .withProtection(protection.orElse(volume.details().protection()));
  }
}
