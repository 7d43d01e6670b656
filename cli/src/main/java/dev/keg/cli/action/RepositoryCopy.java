package dev.keg.cli.action;

import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.replica.Replication;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.CopyOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Counted;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * {@code keg repo copy} and {@code sync}: copies backups from one repository to another, or in both
 * directions.
 */
public final class RepositoryCopy {
  private final Session session;
  private final RowOptions rows;
  private final CopyOptions how;
  private int copied;
  private long bytes;

  public RepositoryCopy(Session session, RowOptions rows, CopyOptions how) {
    this.session = session;
    this.rows = rows;
    this.how = how;
  }

  /** Takes the words after {@code copy}: two repositories, and optional volumes. */
  public void copy(List<String> words) {
    WrongUse.throwIf(
        words.size() < 2, "copy requires the repository to copy from, and the one to copy to");
    Predicate<Backup> wanted = wanted(words);
    Interruption.run(
        () -> {
          try (Repository from = session.repositories().direct().open(words.get(0));
              Repository to = how.target(session, from).openOrCreate(words.get(1))) {
            session.knownRepositories().admit(words.get(0), from, words.get(1), to);
            finish(replicate(from, to, wanted));
          }
        });
  }

  /** Takes the same after {@code sync}: each repository receives what the other has. */
  public void sync(List<String> words) {
    WrongUse.throwIf(words.size() < 2, "sync requires two repositories");
    Predicate<Backup> wanted = wanted(words);
    Interruption.run(
        () -> {
          try (Repository one = session.repositories().direct().open(words.get(0));
              Repository other = how.target(session, one).open(words.get(1))) {
            KnownRepositories known = session.knownRepositories();
            known.requireTrusted(words.get(0), one, words.get(1), other);
            known.requireTrusted(words.get(1), other, words.get(0), one);
            List<VolumeException> problems = new ArrayList<>(replicate(one, other, wanted));
            problems.addAll(replicate(other, one, wanted));
            finish(problems);
          }
        });
  }

  private Predicate<Backup> wanted(List<String> words) {
    return how.wanted(session, words.subList(2, words.size()));
  }

  private List<VolumeException> replicate(
      Repository from, Repository to, Predicate<Backup> wanted) {
    Progress progress = Progress.of(session, "copy", () -> Size.ZERO);
    try {
      return new Replication(from, to, listener(progress, to)).run(wanted);
    } finally {
      progress.end();
    }
  }

  private void finish(List<VolumeException> problems) {
    session
        .streams()
        .err()
        .println("Copied: %s, %s".formatted(Counted.of(copied, "backup"), new Size(bytes).human()));
    PartialFailure.throwIfAny(distinct(problems));
  }

  /** Removes duplicates, since both directions find the problems of a repository. */
  private static List<VolumeException> distinct(List<VolumeException> problems) {
    Map<String, VolumeException> distinct = new LinkedHashMap<>();
    problems.forEach(
        problem -> distinct.putIfAbsent(String.valueOf(problem.getMessage()), problem));
    return List.copyOf(distinct.values());
  }

  private Replication.Listener listener(Progress progress, Repository to) {
    return new Replication.Listener() {
      @Override
      public void advanced(long more) {
        bytes += more;
        progress.advanced(more);
      }

      @Override
      public void copied(BackupRecord backup, Size transferred) {
        copied++;
        progress.end();
        String volume = backup.volume().name().text();
        String id = backup.id().text();
        rows.print(
            session,
            Result.of(
                    "%s %s: %s copied to %s"
                        .formatted(volume, id, transferred.human(), to.address()))
                .with("Volume", volume)
                .with("ID", id)
                .with("Copied", transferred.bytes())
                .with("To", to.address()));
      }
    };
  }
}
