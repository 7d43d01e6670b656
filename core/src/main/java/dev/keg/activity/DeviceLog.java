package dev.keg.activity;

import java.time.Duration;
import java.util.List;

/** The system's log about devices. */
@FunctionalInterface
public interface DeviceLog {
  /** The logged failures, the oldest first; empty if this user may not read the log. */
  List<Failure> failures();

  /**
   * A failure.
   *
   * @param device the device's {@link Device#name}
   * @param ago how long ago it was logged
   * @param message the system's message
   */
  record Failure(String device, Duration ago, String message) {}
}
