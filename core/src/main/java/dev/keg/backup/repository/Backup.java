package dev.keg.backup.repository;

import dev.keg.backup.retention.RestorePoint;

/** A backup in a repository, and the results of its verifications. */
public record Backup(BackupRecord record, CheckState checks) {
  public BackupId id() {
    return record.id();
  }

  /** This backup for a retention policy. */
  public RestorePoint restorePoint() {
    return new RestorePoint(
        id().text(), record.started(), record.tags(), checks.verified(), checks.drilled());
  }
}
