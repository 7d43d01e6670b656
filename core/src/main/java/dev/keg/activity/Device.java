package dev.keg.activity;

import java.util.Optional;
import java.util.Set;

/** What files really lie on: a disk, a loop device, a mapping, a file server. */
public interface Device {
  /** Such as {@code loop0} or {@code server:/export}. */
  String name();

  /** Its name, and the names of the devices that it is part or made of. */
  default Set<String> names() {
    return Set.of(name());
  }

  /** What it has counted so far; empty if it is gone. */
  Optional<Counters> counters();
}
