package dev.keg.backup.repository.rest;

/** When to delete data that no backup needs any more. */
public enum Grace {
  /**
   * After 24 hours by the store's clock: meanwhile a restore of a forgotten backup can finish, and
   * so can a backup that builds on it.
   */
  DAY,

  /** At once. A backup that builds on one that is forgotten meanwhile is withdrawn. */
  NONE
}
