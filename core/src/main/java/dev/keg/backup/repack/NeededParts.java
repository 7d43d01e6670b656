package dev.keg.backup.repack;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.replica.StoredArchives;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.ObjectStore;
import dev.keg.error.BackupException.InvalidArchive;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The parts of data objects that backups need, for objects of forgotten backups and those followed
 * by another object of the same backup. The last object of an existing backup is needed whole.
 */
final class NeededParts {
  private final ObjectStore store;

  /**
   * Whether frames may be thinned: other versions of Keg read the rests in a repository of format
   * 1.
   */
  private final boolean thins;

  private final Map<DataObject, Pieces> parts = new LinkedHashMap<>();
  private final Map<String, Pieces> byName = new LinkedHashMap<>();
  private final Set<IndexRoot.Page> met = new HashSet<>();
  private final Set<DataObject> unknown = new HashSet<>();

  private NeededParts(Repository repository) {
    store = repository.store();
    thins = repository.isSharing();
  }

  /** Reads the indexes of all backups that use such an object, each page once. */
  static NeededParts of(Repository repository, Collection<Backup> backups) {
    NeededParts needed = new NeededParts(repository);
    Set<DataObject> own = new HashSet<>();
    backups.forEach(backup -> own.add(backup.record().own()));
    for (Backup backup : backups) {
      for (DataObject object : backup.record().objects()) {
        if (!own.contains(object)) {
          Pieces pieces = needed.parts.computeIfAbsent(object, _ -> new Pieces());
          needed.byName.put(object.name().text(), pieces);
        }
      }
    }
    Set<DataObject> read = new HashSet<>();
    for (Backup backup : backups) {
      BackupRecord record = backup.record();
      boolean concerned = record.objects().stream().anyMatch(needed.parts::containsKey);
      if (concerned && read.add(record.own())) {
        needed.add(record);
      }
    }
    needed.parts.keySet().removeAll(needed.unknown);
    return needed;
  }

  /** The needed parts by object, for objects where they can be determined. */
  Map<DataObject, Pieces> parts() {
    return Collections.unmodifiableMap(parts);
  }

  private void add(BackupRecord record) {
    StoredArchives objects = StoredArchives.of(store, record);
    try (Archive archive = Archive.open(record.own().name().text(), objects)) {
      for (IndexRoot.Page place : archive.places()) {
        Pieces pieces = byName.get(place.object());
        if (pieces != null) {
          pieces.add(place);
        }
      }
      Iterator<StoredPage> pages = archive.pagesWhere(place -> !met.contains(place));
      while (pages.hasNext()) {
        StoredPage page = pages.next();
        met.add(page.place());
        page.content().entries().forEach(entry -> add(entry, archive.key()));
      }
    } catch (InvalidArchive _) {
      // Verification reports the damage. Nobody knows what the unreadable part needs.
      unknown.addAll(record.objects());
    }
  }

  private void add(IndexedEntry entry, FrameKey key) {
    for (Slice slice : entry.slices()) {
      Pieces pieces = byName.get(slice.frame().object());
      if (pieces == null) {
        continue;
      }
      if (thins) {
        pieces.add(entry, slice, key);
      } else {
        pieces.add(slice.frame());
      }
    }
  }
}
