package dev.keg.backup.replica;

import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Thinned;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.repository.rest.ThinnedFrame;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.VolumeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The archives that a restore of a backup reads, in their repository. */
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
          "it needs " + name + ", which the backup does not mention");
    }
    return new StoredObjectSource(store, object);
  }

  public static Thinned thinned(ThinnedFrame frame) {
    return new Thinned(
        frame.stored(), frame.crc(), frame.hash().map(FrameHash::of), frame.content().blocks());
  }

  /** Ranges of one object: from the object itself, or its rests. */
  private static final class StoredObjectSource implements RangeSource {
    private final ObjectStore store;
    private final DataObject object;
    private volatile List<Rest> rests = List.of();

    StoredObjectSource(ObjectStore store, DataObject object) {
      this.store = store;
      this.object = object;
    }

    @Override
    public long length() {
      return object.size().bytes();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      int start = into.position();
      try {
        if (!isReadFromRest(offset, into, _ -> true)
            && !isReadWhole(offset, into)
            && !readAgain(offset, into.position(start), _ -> true)) {
          throw invalid(offset, "it ends too early");
        }
      } catch (StoreException.Absent | StoreException.Unreadable | StoreException.Forged e) {
        readLater(offset, into.position(start), e);
      } catch (StoreException e) {
        throw failure(offset, e);
      }
    }

    private boolean isReadWhole(long offset, ByteBuffer into) throws StoreException {
      store.read(object.name(), offset, into);
      return !into.hasRemaining();
    }

    @Override
    public boolean readAgain(long offset, ByteBuffer into, Predicate<ByteBuffer> sound) {
      try {
        boolean hadRests = !rests.isEmpty();
        List<Rest> all = Rest.of(store, object.name());
        rests = all;
        // Without rests, the damaged bytes were those of the object.
        return isReadFromRest(offset, into, sound)
            || ((hadRests || !all.isEmpty())
                && isRead(bytes -> isReadWhole(offset, bytes), into, sound));
      } catch (StoreException e) {
        throw failure(offset, e);
      }
    }

    /** Falls back to a rest if the object was repacked, perhaps just now, or is damaged. */
    private void readLater(long offset, ByteBuffer into, StoreException why) {
      try {
        rests = Rest.of(store, object.name());
        if (isReadFromRest(offset, into, _ -> true)) {
          return;
        }
      } catch (StoreException e) {
        throw failure(offset, e);
      }
      if (why instanceof StoreException.Absent) {
        throw invalid(
            offset, rests.isEmpty() ? "it is missing" : "its rest does not have this part");
      }
      throw failure(offset, why);
    }

    /** Reads from the first rest that has the range, is readable, and is sound. */
    private boolean isReadFromRest(long offset, ByteBuffer into, Predicate<ByteBuffer> sound)
        throws StoreException {
      for (Rest rest : rests) {
        if (isRead(bytes -> rest.read(store, offset, bytes), into, sound)) {
          return true;
        }
      }
      return false;
    }

    /** One of the places that have a range. */
    private interface Copy {
      boolean isRead(ByteBuffer into) throws StoreException;
    }

    /** Leaves the buffer's position unchanged if the copy cannot be read or is not sound. */
    private static boolean isRead(Copy copy, ByteBuffer into, Predicate<ByteBuffer> sound)
        throws StoreException {
      ByteBuffer bytes = into.slice();
      try {
        if (!copy.isRead(bytes) || !sound.test(bytes.flip())) {
          return false;
        }
      } catch (StoreException.Absent | StoreException.Unreadable | StoreException.Forged _) {
        return false; // another copy may have it
      }
      into.position(into.limit());
      return true;
    }

    @Override
    public Optional<Thinned> readThinned(long offset, ByteBuffer into, Predicate<Thinned> enough) {
      for (Rest rest : rests) {
        ThinnedFrame frame = rest.thinned().get(offset);
        if (frame == null || frame.content().length() != into.remaining()) {
          continue;
        }
        try {
          // An older rest may have more, for a backup that is younger than the newest rest.
          Thinned left = thinned(frame);
          if (enough.test(left) && rest.read(store, frame, into) && left.isSound(into)) {
            return Optional.of(left);
          }
        } catch (StoreException.Absent | StoreException.Unreadable | StoreException.Forged _) {
          // Another rest may have it.
        } catch (StoreException e) {
          throw failure(offset, e);
        }
      }
      return Optional.empty();
    }

    private VolumeException failure(long offset, StoreException e) {
      return switch (e) {
        case StoreException.Absent _, StoreException.Unreadable _ ->
            invalid(offset, "cannot be read");
        case StoreException.Forged forged -> invalid(offset, forged.why());
        default -> StoreFailures.failure(e);
      };
    }

    private InvalidArchive invalid(long offset, String why) {
      return new InvalidArchive(store.address() + "/" + object.name(), "at byte " + offset, why);
    }

    @Override
    public void close() {}
  }
}
