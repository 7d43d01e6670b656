package dev.keg.volumeset;

import java.time.Instant;

/**
 * One line of what is mounted.
 *
 * @param source the volume's name, the directory of the host, or {@code tmpfs}
 * @param kind one word: volume, bind, tmpfs
 * @param container whom it is for; empty if it was made by hand
 */
public record MountEntry(
    String source,
    String kind,
    String target,
    String container,
    boolean readOnly,
    Instant since,
    State state) {

  /** Whether the mount is there. */
  public enum State {
    MOUNTED,
    /** It was before a reboot, or somebody else took it down. */
    STALE,
    /**
     * Another machine that shares the root says so, which cannot be told from here; or it is in
     * another mount namespace of this one.
     */
    ELSEWHERE
  }
}
