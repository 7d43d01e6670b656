package dev.keg.file;

import java.time.Duration;

/** Waits; tests replace it. */
@FunctionalInterface
public interface Pause {
  void pause(Duration duration) throws InterruptedException;
}
