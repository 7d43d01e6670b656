package dev.keg.driver;

import java.util.SortedSet;

/**
 * A fake of everything that a driver changes outside the homes of its volumes: mounts, devices,
 * mappings.
 */
public interface FakeWorld {
  /** Everything that is currently set up, one line each. */
  SortedSet<String> standing();

  /** Every call into this world asks it. */
  Faults faults();
}
