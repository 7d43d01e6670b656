package dev.keg.backup.repository;

import java.util.List;

/**
 * The backups of a volume in the order in which they were made, and what is known to be bad or
 * missing of their data.
 */
public record History(List<Backup> backups, Damages damages) {
  public History {
    backups = List.copyOf(backups);
  }
}
