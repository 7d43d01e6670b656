package dev.keg.driver;

import java.util.SortedSet;

/** What a driver changes outside the homes of its volumes, faked: mounts, devices, mappings. */
public interface FakeWorld {
  /** Everything that is set up now, one line each. */
  SortedSet<String> standing();

  /** Asked by every call into this world. */
  Faults faults();
}
