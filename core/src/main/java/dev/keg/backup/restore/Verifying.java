package dev.keg.backup.restore;

import dev.keg.backup.archive.Verification;
import dev.keg.backup.extract.Extraction;
import dev.keg.backup.extract.ExtractionRequest;
import dev.keg.backup.extract.RestoreLimits;
import dev.keg.backup.extract.Trust;
import dev.keg.backup.replica.RecordComparison;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Presence;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreFailures;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.file.FileFailures;
import dev.keg.file.FreeSpace;
import dev.keg.file.TreeDeletion;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * Verifies backups and archives. Damage is a result; a problem that prevents the check, such as an
 * unreachable store, is thrown.
 *
 * @param scratch where a deep verification restores to
 */
public record Verifying(
    Level level, Path scratch, FileTrees trees, int threads, InstantSource clock) {

  /** The same without progress. */
  public Check check(Repository repository, Backup backup) {
    return check(repository, backup, _ -> {});
  }

  /**
   * Checks a backup, and records the result beside it and beside other backups that use the same
   * data.
   *
   * @param progress receives the number of further plain bytes checked
   */
  public Check check(Repository repository, Backup backup, LongConsumer progress) {
    BackupRecord record = backup.record();
    return noted(repository, record, diagnose(repository, record, progress));
  }

  /**
   * The result after a repair from a replica.
   *
   * @param parts how many objects and parts of objects were repaired
   */
  public record Mended(Check check, int parts) {}

  /**
   * The same, and repairs damaged or missing data from a replica. What an index refers to can be
   * checked only after the index is repaired, so this repeats the check as long as repairs help.
   * After copying an object, it reads all data, whatever the level.
   */
  public Mended mend(
      Repository repository, Repository replica, Backup backup, LongConsumer progress) {
    BackupRecord record = backup.record();
    Mending mending = new Mending(repository, replica, record);
    Diagnosis diagnosis = diagnose(repository, record, progress);
    while (!diagnosis.findings().isEmpty() && mending.helps(diagnosis)) {
      Verifying again = mending.hasCopied() && level == Level.QUICK ? at(Level.FULL) : this;
      diagnosis = again.diagnose(repository, record, progress);
    }
    mending.settle(diagnosis);
    return new Mended(noted(repository, record, diagnosis), mending.parts());
  }

  private Verifying at(Level other) {
    return new Verifying(other, scratch, trees, threads, clock);
  }

  private Check noted(Repository repository, BackupRecord record, Diagnosis diagnosis) {
    if (!diagnosis.damages().isEmpty()) {
      repository.recordDamage(diagnosis.damages());
    }
    Check check = new Check(level, clock.instant(), diagnosis.findings());
    repository.mark(record, check);
    if (check.good()) {
      return check;
    }
    long others = new SharedDamage(repository, check).mark(record, diagnosis.damages());
    return others == 0 ? check : check.with("other backups that use the same data: " + others);
  }

  private Diagnosis diagnose(Repository repository, BackupRecord record, LongConsumer progress) {
    Diagnosis diagnosis = missing(repository.store(), record);
    if (!diagnosis.findings().isEmpty()) {
      return diagnosis;
    }
    ObjectName own = record.own().name();
    RestoreSource.Indexed opened;
    try {
      opened = RestoreSource.of(repository, record, true);
    } catch (InvalidArchive e) {
      // The backup is lost without its root. Data before it may be sound, and others use it.
      diagnosis.endless(record.own(), String.valueOf(e.getMessage()));
      return diagnosis;
    }
    try (RestoreSource.Indexed source = opened) {
      RecordComparison.differences(record, source.archive())
          .forEach(text -> diagnosis.lost(own, text));
      Verification.Result result = verification(source, progress);
      diagnosis.add(own, result);
      if (level == Level.DEEP && diagnosis.findings().isEmpty()) {
        restored(source).forEach(text -> diagnosis.lost(own, text));
      }
    } catch (InvalidArchive e) {
      diagnosis.lost(own, String.valueOf(e.getMessage()));
    }
    return diagnosis;
  }

  /** Checks an archive in a file. */
  public Check check(ArchiveFile file, LongConsumer progress) {
    List<String> findings = new ArrayList<>();
    try (RestoreSource.Indexed source = file.openIndexed()) {
      Verification.Result result = verification(source, progress);
      findings.addAll(Diagnosis.words(result));
      if (level == Level.DEEP && findings.isEmpty()) {
        findings.addAll(restored(source));
      }
    } catch (InvalidArchive e) {
      findings.add(String.valueOf(e.getMessage()));
    }
    return new Check(level, clock.instant(), findings);
  }

  private static Diagnosis missing(ObjectStore store, BackupRecord backup) {
    Diagnosis diagnosis = new Diagnosis();
    Presence presence = new Presence(store);
    StoreFailures.run(
        () -> {
          for (DataObject object : backup.objects()) {
            ObjectName name = object.name();
            if (presence.has(name, object.size())) {
              continue;
            }
            presence
                .size(name)
                .ifPresentOrElse(
                    size -> diagnosis.lost(name, wrong(object, size)),
                    () -> diagnosis.missing(object));
          }
        });
    return diagnosis;
  }

  private static String wrong(DataObject object, Size size) {
    return "%s has %d bytes instead of %d"
        .formatted(object.name(), size.bytes(), object.size().bytes());
  }

  private Verification.Result verification(RestoreSource.Indexed source, LongConsumer progress) {
    return level == Level.QUICK
        ? Verification.quick(source.archive(), source.sources())
        : Verification.full(source.archive(), source.sources(), threads, progress);
  }

  /** Restores it to a scratch directory, and compares. */
  private List<String> restored(RestoreSource.Indexed source) {
    Path stage =
        FileFailures.translate(
            "create directory", scratch, () -> Files.createTempDirectory(scratch, "keg-verify"));
    try {
      RestoreLimits limits = RestoreLimits.own(FreeSpace.at(stage));
      ExtractionRequest all = ExtractionRequest.all(Trust.OWN, limits, threads);
      Set<TreePath> lost = ConcurrentHashMap.newKeySet();
      new Extraction(trees, stage, all, TreeComparison.remembering(lost, TreeListener.NONE))
          .fromArchive(source.archive(), source.sources());
      return TreeComparison.differences(trees, stage, source, all, lost);
    } finally {
      FileFailures.run("remove", stage, () -> TreeDeletion.delete(stage));
    }
  }
}
