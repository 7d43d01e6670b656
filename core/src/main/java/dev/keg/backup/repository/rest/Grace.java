package dev.keg.backup.repository.rest;

/** When data is deleted that no backup needs any more. */
public enum Grace {
  /**
   * After 24 hours by the store's clock: a restore of a backup that is forgotten meanwhile ends
   * well, and so does a backup that builds on it.
   */
  DAY,

  /** Now. A backup that builds on one that is forgotten meanwhile is withdrawn. */
  NONE
}
