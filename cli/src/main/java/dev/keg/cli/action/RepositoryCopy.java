package dev.keg.cli.action;

import dev.keg.backup.replica.Replication;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.CopyOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Counted;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.util.List;
import java.util.function.Predicate;

/** {@code keg repo copy}: backups from one repository to another. */
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

  /** Takes what follows {@code copy}: two repositories, and perhaps volumes. */
  public void run(List<String> words) {
    WrongUse.throwIf(
        words.size() < 2, "copy requires the repository to copy from, and the one to copy to");
    Predicate<Backup> wanted = how.wanted(session, words.subList(2, words.size()));
    session.interruptibly(() -> run(words.get(0), words.get(1), wanted));
  }

  private void run(String source, String target, Predicate<Backup> wanted) {
    try (Repository from = session.repositories().open(source);
        Repository to = how.target(session, from).openOrCreate(target)) {
      session.knownRepositories().admit(source, from, target, to);
      Progress progress = Progress.of(session, "copy", () -> Size.ZERO);
      List<VolumeException> problems;
      try {
        problems = new Replication(from, to, listener(progress)).run(wanted);
      } finally {
        progress.end();
      }
      session
          .streams()
          .err()
          .println(
              "Copied: %s, %s".formatted(Counted.of(copied, "backup"), new Size(bytes).human()));
      PartialFailure.throwIfAny(problems);
    }
  }

  private Replication.Listener listener(Progress progress) {
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
            Result.of("%s %s: %s copied".formatted(volume, id, transferred.human()))
                .with("Volume", volume)
                .with("ID", id)
                .with("Copied", transferred.bytes()));
      }
    };
  }
}
