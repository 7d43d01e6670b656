package dev.keg.cli.session;

/** How a command shows how far it has come. */
public enum ProgressStyle {
  /** A line on standard error where that is a terminal. */
  AUTO,
  /** An object per second on standard error. */
  JSON,
  NONE
}
