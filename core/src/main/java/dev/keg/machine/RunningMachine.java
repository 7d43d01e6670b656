package dev.keg.machine;

import java.util.Optional;

/** A machine that runs, as whoever runs it lets disks be put in and taken out. */
public interface RunningMachine {
  /**
   * Puts the disk in; one that is in already is no error. If it fails, {@link #lacks} tells whether
   * the machine has the disk all the same.
   */
  void plug(Plug plug);

  /** Takes the disk out when the machine has let go of it; one that is not in is no error. */
  void unplug(Plug plug);

  /** Makes sure, after a failure, that the disk is not in; false if that cannot be told. */
  boolean lacks(Plug plug);

  /** Finds the machines of one system; by {@link java.util.ServiceLoader}. */
  interface Provider {
    /** What the option is called. */
    String kind();

    Optional<String> unavailable();

    RunningMachine open(String id);
  }
}
