package dev.keg.backup;

import dev.keg.backup.archive.ArchiveObjects;
import dev.keg.backup.archive.RangeSource;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.StoreFailures;
import dev.keg.backup.store.ObjectStore;
import dev.keg.error.BackupException.InvalidArchive;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Collectors;

/** The archives that a backup is restored from, in their repository. */
record StoredArchives(ObjectStore store, Map<String, DataObject> objects)
    implements ArchiveObjects {
  StoredArchives {
    objects = Map.copyOf(objects);
  }

  static StoredArchives of(ObjectStore store, BackupRecord backup) {
    return new StoredArchives(
        store,
        backup.objects().stream()
            .collect(Collectors.toMap(object -> object.name().text(), object -> object)));
  }

  @Override
  public RangeSource open(String name) {
    DataObject object = objects.get(name);
    if (object == null) {
      throw new InvalidArchive(
          store.address(),
          "in its index",
          "it needs " + name + ", of which the backup says nothing");
    }
    return new StoredObjectSource(store, object);
  }

  /** One object, by ranges. */
  private record StoredObjectSource(ObjectStore store, DataObject object) implements RangeSource {
    @Override
    public long length() {
      return object.size().bytes();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      int count =
          StoreFailures.translate(
              () -> {
                int wanted = into.remaining();
                return store.read(object.name(), offset, into) - wanted;
              });
      if (count < 0) {
        throw new InvalidArchive(
            store.address() + "/" + object.name(), "at byte " + offset, "it ends too early");
      }
    }

    @Override
    public void close() {}
  }
}
