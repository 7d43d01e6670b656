package dev.keg.backup.replica;

import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreFailures;
import dev.keg.error.BackupException.InvalidArchive;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Collectors;

/** The archives that a backup is restored from, in their repository. */
public record StoredArchives(ObjectStore store, Map<String, DataObject> objects) implements Opener {
  public StoredArchives {
    objects = Map.copyOf(objects);
  }

  public static StoredArchives of(ObjectStore store, BackupRecord backup) {
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
