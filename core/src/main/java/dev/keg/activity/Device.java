package dev.keg.activity;

import java.util.Optional;
import java.util.Set;

/** What files are really stored on: a disk, a loop device, a mapping, a file server. */
public interface Device {
  /** For example {@code loop0} or {@code server:/export}. */
  String name();

  /** Its own name and those of the devices that it is part of or built on. */
  default Set<String> names() {
    return Set.of(name());
  }

  /** Its counters so far; empty if it is gone. */
  Optional<Counters> counters();
}
