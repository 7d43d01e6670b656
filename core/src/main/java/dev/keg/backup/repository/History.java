package dev.keg.backup.repository;

import java.util.List;

/** The backups of a volume, oldest first, and what is known to be bad or missing of their data. */
public record History(List<Backup> backups, Damages damages) {
  public History {
    backups = List.copyOf(backups);
  }
}
