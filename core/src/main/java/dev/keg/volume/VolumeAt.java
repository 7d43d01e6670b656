package dev.keg.volume;

import dev.keg.error.InvalidInput.InvalidSnapshotName;
import java.util.Optional;

/**
 * {@code VOLUME@NAME}, which names a snapshot of a volume. No volume has an at sign in its name.
 *
 * @param volume the volume's name or id
 * @param at what follows the at sign; empty if the volume itself is meant
 */
public record VolumeAt(String volume, Optional<SnapshotName> at) {
  public static VolumeAt parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return new VolumeAt(text, Optional.empty());
    }
    String name = text.substring(at + 1);
    return new VolumeAt(
        text.substring(0, at),
        Optional.of(SnapshotName.lookup(name).orElseThrow(() -> new InvalidSnapshotName(name))));
  }

  @Override
  public String toString() {
    return volume + at.map(name -> "@" + name).orElse("");
  }
}
