package dev.keg.cli.session;

/** How a command shows progress. */
public enum ProgressStyle {
  /** A line on standard error if that is a terminal. */
  AUTO,
  /** An object per second on standard error. */
  JSON,
  NONE
}
