package dev.keg.backup.restore;

import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.DamagedObject;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.ObjectName;
import dev.keg.error.BackupException.InvalidArchive;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** Marks the other backups that cannot be restored because they use the same damaged data. */
final class SharedDamage {
  private final Repository repository;
  private final Check check;

  /**
   * @param check the check that found the damage
   */
  SharedDamage(Repository repository, Check check) {
    this.repository = repository;
    this.check = check;
  }

  /** Returns the number of marked backups. */
  long mark(BackupRecord found, Collection<DamagedObject> damages) {
    Map<ObjectName, SortedSet<Long>> bad =
        damages.stream().collect(Collectors.toMap(DamagedObject::object, DamagedObject::frames));
    long marked = 0;
    for (Backup backup : all(found).backups()) {
      Optional<String> finding =
          backup.id().equals(found.id()) ? Optional.empty() : finding(backup.record(), bad);
      if (finding.isPresent()) {
        String text = "%s (found by verifying %s)".formatted(finding.get(), found.id());
        repository.mark(backup.record(), new Check(check.level(), check.time(), List.of(text)));
        marked++;
      }
    }
    return marked;
  }

  /**
   * The backups that may use the same data, including other volumes' if the repository shares
   * content.
   */
  private BackupCatalog all(BackupRecord found) {
    return repository.isSharing() ? repository.list() : repository.list(found.volume().name());
  }

  private Optional<String> finding(BackupRecord record, Map<ObjectName, SortedSet<Long>> bad) {
    for (DataObject object : record.objects()) {
      if (bad.containsKey(object.name()) && bad.get(object.name()).isEmpty()) {
        return Optional.of(object.name() + " is damaged or missing");
      }
    }
    boolean concerned = record.objects().stream().map(DataObject::name).anyMatch(bad::containsKey);
    return concerned ? badFrame(record, bad) : Optional.empty();
  }

  private Optional<String> badFrame(BackupRecord record, Map<ObjectName, SortedSet<Long>> bad) {
    Map<String, SortedSet<Long>> frames =
        bad.entrySet().stream()
            .collect(Collectors.toMap(entry -> entry.getKey().text(), Map.Entry::getValue));
    try (RestoreSource.Indexed source = RestoreSource.of(repository, record, true)) {
      for (Iterator<IndexedEntry> all = source.archive().entries(); all.hasNext(); ) {
        IndexedEntry entry = all.next();
        for (Slice slice : entry.slices()) {
          SortedSet<Long> offsets = frames.get(slice.frame().object());
          if (offsets != null && offsets.contains(slice.frame().offset())) {
            return Optional.of(entry.entry().path() + " cannot be restored");
          }
        }
      }
      return Optional.empty();
    } catch (InvalidArchive e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
