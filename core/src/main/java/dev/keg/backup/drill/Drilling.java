package dev.keg.backup.drill;

import dev.keg.backup.extract.ExtractionRequest;
import dev.keg.backup.extract.RestoreLimits;
import dev.keg.backup.extract.Trust;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.restore.TreeComparison;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.save.BackupContext;
import dev.keg.error.BackupException.BackupDamaged;
import dev.keg.error.BackupException.DrillFailed;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.file.FreeSpace;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proves that backups can be restored: restores each to a scratch volume, compares every file with
 * the backup, and lets the operator's command use it. A success is recorded beside the backup with
 * the time that the restore took, and damage like that found by a verification. If the scratch
 * volume could not take everything, only a deep verification is recorded, which compares as much.
 *
 * @param trusted whether the repository may supply devices and privileges
 * @param program the command to run on the restored data
 * @param keep whether to keep the scratch volume, even if the command fails
 */
public record Drilling(
    BackupContext context,
    Repository repository,
    boolean trusted,
    Optional<DrillProgram> program,
    boolean keep,
    int threads) {

  /**
   * A successful drill.
   *
   * @param volume the scratch volume, if it was kept
   * @param took the duration of the restore, without the comparison and the command
   * @param loss if not everything could be restored; then the drill remains due
   */
  public record Proof(
      Backup backup, Optional<VolumeName> volume, Duration took, Optional<DrillFailed> loss) {}

  /**
   * @param lost paths that the scratch volume could not take as they are
   */
  private record Restored(Duration took, Set<TreePath> lost) {
    Check check(Instant time) {
      return lost.isEmpty()
          ? new Check(Level.DRILL, time, List.of(), took)
          : new Check(Level.DEEP, time, List.of());
    }
  }

  /** Removes the remains of killed drills. */
  public void sweep() {
    ScratchVolume.sweep(context);
  }

  public Proof drill(Backup backup, TreeListener listener) {
    BackupRecord record = backup.record();
    try (ScratchVolume scratch =
        ScratchVolume.create(context, record.volume().name(), record.id().text())) {
      Restored restored;
      try {
        restored = restore(record, scratch, listener);
      } catch (InvalidArchive | RestoreFailed e) {
        throw diagnosed(backup, e);
      }
      if (keep) {
        scratch.keep();
      }
      program.ifPresent(line -> line.run(record, scratch.data()));
      repository.mark(record, restored.check(context.clock().instant()));
      return new Proof(
          backup,
          keep ? Optional.of(scratch.name()) : Optional.empty(),
          restored.took(),
          restored.lost().isEmpty()
              ? Optional.empty()
              : Optional.of(
                  DrillFailed.inPart(record.volume().name().text(), repository.address())));
    }
  }

  private Restored restore(BackupRecord record, ScratchVolume scratch, TreeListener listener) {
    requireRoom(record, scratch.data());
    Set<TreePath> lost = ConcurrentHashMap.newKeySet();
    Instant start = context.clock().instant();
    try (RestoreSource.Indexed source = RestoreSource.of(repository, record, trusted)) {
      new Restoring(context)
          .restore(source, request(scratch), TreeComparison.remembering(lost, listener));
      Duration took = Duration.between(start, context.clock().instant());
      requireSame(record, source, scratch.data(), lost);
      return new Restored(took, lost);
    }
  }

  private RestoreRequest request(ScratchVolume scratch) {
    return new RestoreRequest(
        scratch.name(), Optional.empty(), Mode.EMPTY, false, false, false, false, threads);
  }

  private static void requireRoom(BackupRecord record, Path data) {
    Size needed = record.counts().size();
    Size free = FreeSpace.at(data);
    if (needed.bytes() > free.bytes()) {
      throw new DrillFailed(
          record.volume().name().text(),
          "its files need %s, but only %s is free".formatted(needed.human(), free.human()),
          "free some space, or drill with --root on another disk");
    }
  }

  private void requireSame(
      BackupRecord record, RestoreSource.Indexed source, Path data, Set<TreePath> lost) {
    ExtractionRequest all =
        trusted
            ? ExtractionRequest.all(Trust.OWN, RestoreLimits.own(FreeSpace.at(data)), threads)
            : ExtractionRequest.all(
                Trust.FOREIGN, RestoreLimits.foreign(new Size(Long.MAX_VALUE)), threads);
    List<String> differences = TreeComparison.differences(context.trees(), data, source, all, lost);
    if (!differences.isEmpty()) {
      throw new DrillFailed(
          record.volume().name().text(),
          "the restored files differ from the backup: " + String.join("; ", differences),
          "`keg verify --deep` shows whether the backup or this disk is at fault");
    }
  }

  /**
   * Locates the damage by object and frame, so that it is recorded and the next backup repairs it.
   */
  private RuntimeException diagnosed(Backup backup, RuntimeException failure) {
    Verifying verifying =
        new Verifying(
            Level.FULL,
            context.registry().layout().root(),
            context.trees(),
            threads,
            context.clock());
    Check check = verifying.check(repository, backup);
    String name = backup.record().volume().name() + " " + backup.id();
    return check.good() ? failure : new BackupDamaged(name, check.findings());
  }
}
