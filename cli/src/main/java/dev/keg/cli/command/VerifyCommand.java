package dev.keg.cli.command;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.replica.BackupSelection;
import dev.keg.backup.replica.BackupSelection.Selected;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.Verifying;
import dev.keg.cli.option.Converters;
import dev.keg.cli.output.CheckReport;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg verify}. */
@Command(
    name = "verify",
    customSynopsis = "keg verify [OPTIONS] [VOLUME...]",
    header = "Verify backups: the newest of each volume, or those that are named")
public final class VerifyCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private RepositoryOptions where = new RepositoryOptions();

  @Option(names = "--quick", description = "Check the index, and that the data is present")
  private boolean quick;

  @Option(names = "--full", description = "Read all data (the default)")
  private boolean full;

  @Option(names = "--deep", description = "Restore to a scratch directory and compare")
  private boolean deep;

  @Option(
      names = "--at",
      paramLabel = "backup",
      description = "A backup ID, a time (the last backup until then), or latest (default)")
  private Optional<String> at = Optional.empty();

  @Option(
      names = {"-a", "--all"},
      description = "Verify every backup, not only the newest of each volume")
  private boolean all;

  @Option(
      names = "--scratch",
      paramLabel = "directory",
      converter = Converters.FileName.class,
      description = "The scratch directory of --deep (default $TMPDIR)")
  private Optional<String> scratch = Optional.empty();

  @Option(names = "--json", description = "Print an object for each backup")
  private boolean json;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    Verifying verifying = verifying(session);
    String location = where.location(session);
    Path file = session.files().getPath(location);
    boolean archive = !location.contains("://") && Files.isRegularFile(file);
    session.interruptibly(
        () -> {
          if (archive) {
            checkFile(session, verifying, file);
          } else {
            checkBackups(session, verifying, location);
          }
        });
  }

  private Verifying verifying(Session session) {
    if (Stream.of(quick, full, deep).filter(given -> given).count() > 1) {
      throw wrong("conflicting options: --quick, --full and --deep");
    }
    if (all && at.isPresent()) {
      throw wrong("conflicting options: --all and --at");
    }
    if (scratch.isPresent() && !deep) {
      throw wrong("--scratch requires --deep");
    }
    return new Verifying(
        quick ? Level.QUICK : deep ? Level.DEEP : Level.FULL,
        scratch.map(text -> session.files().getPath(text)).orElseGet(session::temporary),
        session.trees(),
        Runtime.getRuntime().availableProcessors(),
        session.clock());
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private void checkFile(Session session, Verifying verifying, Path file) {
    if (all || at.isPresent() || !volumes.isEmpty()) {
      throw wrong("an archive takes no selection options");
    }
    report(session).print(file.toString(), Map.of("File", file.toString()), verifying.check(file));
  }

  private void checkBackups(Session session, Verifying verifying, String location) {
    try (Repository repository = session.repositories().open(location)) {
      BackupChoice choice = Choices.parse(session, at.orElse("latest"));
      Selected selected =
          new BackupSelection(
                  new LinkedHashSet<>(volumes), all ? Optional.empty() : Optional.of(choice))
              .in(repository);
      selected.warnings().forEach(session::warn);
      List<VolumeException> problems = new ArrayList<>(selected.problems());
      for (Backup backup : selected.backups()) {
        try {
          String volume = backup.record().volume().name().text();
          String id = backup.id().text();
          report(session)
              .print(
                  volume + " " + id,
                  Map.of("Volume", volume, "ID", id),
                  verifying.check(repository, backup));
        } catch (VolumeException e) {
          problems.add(e);
        }
      }
      PartialFailure.throwIfAny(problems);
    }
  }

  private CheckReport report(Session session) {
    return new CheckReport(session.streams().out(), json);
  }
}
