package dev.keg.backup.repository.rest;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which data objects exist, listed folder by folder: in full size, or as a rest. */
public final class Presence {
  private final ObjectStore store;
  private final Set<String> listed = new HashSet<>();
  private final Map<String, StoredObject> objects = new HashMap<>();
  private final Map<ObjectName, Boolean> rests = new HashMap<>();

  public Presence(ObjectStore store) {
    this.store = store;
  }

  /** The size of the object itself, if it exists. */
  public Optional<Size> size(ObjectName data) throws StoreException {
    return found(data).map(StoredObject::size);
  }

  /** When the object itself appeared, by the store's clock, if it exists. */
  public Optional<Instant> stored(ObjectName data) throws StoreException {
    return found(data).map(StoredObject::stored);
  }

  private Optional<StoredObject> found(ObjectName data) throws StoreException {
    String folder = data.text().substring(0, data.text().lastIndexOf('/') + 1);
    if (listed.add(folder)) {
      for (StoredObject object : store.list(folder)) {
        // A case-insensitive disk may return the folder in another case.
        objects.put(object.name().last(), object);
      }
    }
    return Optional.ofNullable(objects.get(data.last()));
  }

  /** Whether a rest replaces the object. */
  public boolean isRest(ObjectName data) throws StoreException {
    if (size(data).isPresent()) {
      return false;
    }
    Boolean known = rests.get(data);
    if (known == null) {
      known =
          store.list(Rest.folder(data)).stream().anyMatch(rest -> Rest.isSuccessor(rest.name()));
      rests.put(data, known);
    }
    return known;
  }

  /** Whether it exists with that size, or as a rest. */
  public boolean has(ObjectName data, Size size) throws StoreException {
    return size(data).filter(size::equals).isPresent() || isRest(data);
  }
}
