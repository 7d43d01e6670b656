package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import dev.keg.volume.Size;

/**
 * An object that a restore needs, which the backup or an earlier one stored.
 *
 * @param digest identifies the content, such as {@code sha256:…} of the archive's index; the
 *     repository only stores it
 */
public record DataObject(ObjectName name, Size size, String digest) {
  public DataObject {
    if (!name.text().startsWith(RepositoryLayout.DATA)) {
      throw new IllegalArgumentException(name + " is no data object");
    }
    if (digest.isEmpty()) {
      throw new IllegalArgumentException(name + " has no digest");
    }
  }
}
