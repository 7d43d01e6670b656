package dev.keg.backup.repository;

import dev.keg.backup.retention.RestorePoint;

/** A backup of the repository and what verifications found. */
public record Backup(BackupRecord record, CheckState checks) {
  public BackupId id() {
    return record.id();
  }

  /** This backup as a retention policy sees it. */
  public RestorePoint restorePoint() {
    return new RestorePoint(
        id().text(), record.started(), record.tags(), checks.verified(), checks.drilled());
  }
}
