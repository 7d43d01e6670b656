package dev.keg.activity;

import java.util.Optional;

/** What files really lie on: a disk, a loop device, a mapping, a file server. */
public interface Device {
  /** Such as {@code loop0} or {@code server:/export}. */
  String name();

  /** What it has counted so far; empty if it is gone. */
  Optional<Counters> counters();
}
