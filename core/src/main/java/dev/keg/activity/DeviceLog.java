package dev.keg.activity;

import java.time.Duration;
import java.util.List;

/** What the system has noted about devices. */
@FunctionalInterface
public interface DeviceLog {
  /** The failures that it noted, the oldest first; none if this user may not read them. */
  List<Failure> failures();

  /**
   * A failure.
   *
   * @param device its name, as {@link Device#name} has it
   * @param ago how long ago it was noted
   * @param message in the system's words
   */
  record Failure(String device, Duration ago, String message) {}
}
