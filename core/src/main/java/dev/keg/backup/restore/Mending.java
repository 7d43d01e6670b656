package dev.keg.backup.restore;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.FrameReader;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.repack.Pieces;
import dev.keg.backup.repack.RestWriter;
import dev.keg.backup.replica.ObjectCopies;
import dev.keg.backup.replica.RecordComparison;
import dev.keg.backup.replica.StoredArchives;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DamagedObject;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.ObjectName;
import dev.keg.error.BackupException.InvalidArchive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Repairs a backup's data with a replica's. Nothing is changed or deleted: a missing object is
 * copied; for a damaged one, the replica's parts are checked against the index and stored beside
 * it. A reader that finds damage in the object then reads those.
 */
final class Mending {
  private final Repository repository;
  private final Repository replica;
  private final BackupRecord record;
  private final Set<Object> tried = new HashSet<>();
  private final Set<ObjectName> copied = new HashSet<>();
  private final List<DamagedObject> patched = new ArrayList<>();
  private int parts;

  Mending(Repository repository, Repository replica, BackupRecord record) {
    this.repository = repository;
    this.replica = replica;
    this.record = record;
  }

  /** How many objects and parts of objects were repaired. */
  int parts() {
    return parts;
  }

  /** Repairs what the replica has; returns false if it has nothing that was not tried before. */
  boolean helps(Diagnosis diagnosis) {
    int before = parts;
    diagnosis.missing().stream().filter(tried::add).forEach(this::copy);
    try (RestWriter writer = new RestWriter(repository, replica.store(), _ -> {})) {
      pieces(diagnosis).forEach((object, damaged) -> patch(object, damaged, diagnosis, writer));
    }
    return parts > before;
  }

  private void copy(DataObject object) {
    try {
      new ObjectCopies(replica, repository, _ -> {}).copy(List.of(object));
    } catch (InvalidArchive _) {
      return; // the replica lacks it as well, which the next check reports
    }
    parts++;
    copied.add(object.name());
  }

  /** Whether whole objects were copied, of which only the size was checked so far. */
  boolean hasCopied() {
    return !copied.isEmpty();
  }

  /**
   * Removes the recorded damage of the objects that were copied or patched.
   *
   * @param last a later check of all repaired data
   */
  void settle(Diagnosis last) {
    if (!last.missing().isEmpty() || last.hasNoEnd()) {
      return; // it ended the check
    }
    Set<ObjectName> bad =
        last.damages().stream().map(DamagedObject::object).collect(Collectors.toSet());
    copied.stream()
        .filter(name -> !bad.contains(name))
        .forEach(name -> repository.forgetDamage(new DamagedObject(name, new TreeSet<>())));
    patched.stream()
        .filter(mended -> !bad.contains(mended.object()))
        .forEach(repository::forgetDamage);
  }

  private Map<DataObject, Pieces> pieces(Diagnosis diagnosis) {
    Map<DataObject, Pieces> pieces = new HashMap<>();
    for (FrameRef frame : diagnosis.frames()) {
      if (tried.add(frame)) {
        of(frame.object(), pieces).add(frame);
      }
    }
    for (IndexRoot.Page page : diagnosis.pages()) {
      if (tried.add(page)) {
        of(page.object(), pieces).add(page);
      }
    }
    if (diagnosis.hasNoEnd() && tried.add(record.own())) {
      addEnd(of(record.own().name().text(), pieces));
    }
    return pieces;
  }

  private Pieces of(String name, Map<DataObject, Pieces> pieces) {
    DataObject object =
        record.objects().stream()
            .filter(each -> each.name().text().equals(name))
            .findFirst()
            .orElseThrow(
                () -> new InvalidArchive(name, "in an index", "the backup has no such object"));
    return pieces.computeIfAbsent(object, _ -> new Pieces());
  }

  private void addEnd(Pieces pieces) {
    DataObject own = record.own();
    StoredArchives stored = StoredArchives.of(replica.store(), record);
    try (Archive archive = Archive.open(own.name().text(), stored)) {
      if (RecordComparison.digest(archive).equals(own.digest())) {
        pieces.addEnd(archive, own.size().bytes());
      }
    } catch (InvalidArchive _) {
      // The replica's cannot be read either.
    }
  }

  private void patch(DataObject object, Pieces damaged, Diagnosis diagnosis, RestWriter writer) {
    Pieces whole = writer.sound(object, damaged);
    Set<FrameRef> left =
        diagnosis.frames().stream()
            .filter(frame -> frame.object().equals(object.name().text()))
            .filter(frame -> damaged.has(frame) && !whole.has(frame))
            .collect(Collectors.toSet());
    int mended = patch(object, whole, writer);
    if (!left.isEmpty() && isThinnable(object)) {
      mended += patch(object, thinned(object, left), writer);
    }
    parts += mended;
    if (mended == damaged.count() && (left.isEmpty() || !isUsedByOthers(object))) {
      diagnosis.damages().stream()
          .filter(noted -> noted.object().equals(object.name()) && !noted.frames().isEmpty())
          .forEach(patched::add);
    }
  }

  /** Returns the number of pieces; 0 if they cannot be written, which the next check reports. */
  private static int patch(DataObject object, Pieces sound, RestWriter writer) {
    if (sound.isEmpty()) {
      return 0;
    }
    try {
      writer.patch(object, sound);
      return sound.count();
    } catch (InvalidArchive _) {
      return 0;
    }
  }

  /** A repair of a thinned frame only covers this backup's files, and others may need more. */
  private boolean isUsedByOthers(DataObject object) {
    return repository.list().backups().stream()
        .map(Backup::record)
        .filter(other -> !other.id().equals(record.id()))
        .anyMatch(other -> other.objects().contains(object));
  }

  /** The tar stream of the backup's own object is compared with the index, headers and all. */
  private boolean isThinnable(DataObject object) {
    return repository.isSharing() && !object.equals(record.own());
  }

  /** What the replica has of files in frames that were thinned there, each seen to be sound. */
  private Pieces thinned(DataObject object, Collection<FrameRef> frames) {
    Pieces pieces = new Pieces();
    StoredArchives here = StoredArchives.of(repository.store(), record);
    StoredArchives there = StoredArchives.of(replica.store(), record);
    try (Archive archive = Archive.open(record.own().name().text(), here);
        RangeSource source = there.open(object.name().text());
        FrameReader reader = new FrameReader(_ -> source)) {
      for (Iterator<IndexedEntry> all = archive.entries(_ -> {}); all.hasNext(); ) {
        IndexedEntry entry = all.next();
        entry.slices().stream()
            .filter(slice -> frames.contains(slice.frame()))
            .sorted(Comparator.comparingLong(slice -> slice.frame().offset()))
            .forEach(slice -> add(entry, slice, archive.key(), reader, pieces));
      }
    }
    return pieces.thinned();
  }

  private static void add(
      IndexedEntry entry, Slice slice, FrameKey key, FrameReader reader, Pieces pieces) {
    try {
      reader.requireSound(entry, slice, key);
      pieces.add(entry, slice, key);
    } catch (InvalidArchive _) {
      // another part of the frame may be there
    }
  }
}
