package dev.keg.registry;

import dev.keg.file.AtomicFile;
import dev.keg.file.DirectorySync;
import dev.keg.registry.pool.Place;
import dev.keg.registry.pool.Places;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;

/** Records in which place a volume is; the caller holds its lock. */
record Pointers(RegistryLayout layout, Drafts drafts, DirectorySync sync) {
  /** Makes the volume that place's, with one rename or deletion. */
  void point(VolumeName name, Place place) throws IOException {
    Places places = layout.places();
    if (place.isDefault()) {
      erase(name);
    } else if (!places.poolOf(name).equals(place.pool())) {
      if (!Files.isDirectory(places.pooled())) {
        Root.makeDirectory(places.pooled());
        sync.sync(layout.root());
      }
      AtomicFile.replace(
          places.file(name),
          drafts.draft(RegistryLock.stripe(name)),
          Places.content(place.pool()),
          sync);
    }
  }

  /** Deletes the record that a volume is in a pool. */
  void erase(VolumeName name) throws IOException {
    Places places = layout.places();
    if (!Files.notExists(places.file(name))) {
      Files.delete(places.file(name));
      sync.sync(places.pooled());
    }
  }
}
