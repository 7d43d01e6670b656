package dev.keg.lifecycle;

import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;
import java.util.List;

/** The volumes that match a filter, and the problems of those that cannot be read. */
public record Listing(List<Volume> volumes, List<VolumeException> problems) {
  public Listing {
    volumes = List.copyOf(volumes);
    problems = List.copyOf(problems);
  }
}
