package dev.keg.engine;

import dev.keg.error.VolumeException;

/** Errors for an engine, which shows a single line for each. */
public final class EngineErrors {
  private EngineErrors() {}

  /** What failed, and what to do about it. */
  public static String text(RuntimeException failure) {
    String hint =
        failure instanceof VolumeException known
            ? known.hint().map(text -> "; hint: " + text).orElse("")
            : "";
    return failure.getMessage() + hint;
  }
}
