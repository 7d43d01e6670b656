package dev.keg.backup.replica;

import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
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
      int wanted = into.remaining();
      int count;
      try {
        count = store.read(object.name(), offset, into);
      } catch (StoreException.Absent | StoreException.Unreadable e) {
        throw invalid(
            offset, e instanceof StoreException.Absent ? "it is missing" : "cannot be read");
      } catch (StoreException.Forged e) {
        throw invalid(offset, e.why());
      } catch (StoreException e) {
        throw StoreFailures.failure(e);
      }
      if (count < wanted) {
        throw invalid(offset, "it ends too early");
      }
    }

    private InvalidArchive invalid(long offset, String why) {
      return new InvalidArchive(store.address() + "/" + object.name(), "at byte " + offset, why);
    }

    @Override
    public void close() {}
  }
}
