package dev.keg.cli.command;

import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.cli.option.RestoreOptions;
import dev.keg.cli.option.SourceOptions;
import dev.keg.cli.option.UndoOptions;
import dev.keg.cli.output.RestorePlan;
import dev.keg.cli.output.RestoreReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Confirmation;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.volume.VolumeName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg restore}. */
@Command(
    name = "restore",
    customSynopsis = "keg restore [OPTIONS] VOLUME",
    header = "Restore a volume, or some of its files, from a backup")
public final class RestoreCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private SourceOptions from = new SourceOptions();
  @Mixin private RestoreOptions how = new RestoreOptions();
  @Mixin private UndoOptions last = new UndoOptions();

  @Option(names = "--dry-run", description = "Show what would be done without doing it")
  private boolean dryRun;

  @Option(names = "--json", description = "Print an object of what was restored")
  private boolean json;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not prompt for confirmation")
  private boolean yes;

  @Parameters(arity = "1", paramLabel = "VOLUME")
  private String name = "";

  @Override
  public void run() {
    Session session = keg.session();
    VolumeName volume =
        session.volumes().nameOf(name).orElseThrow(() -> new NotFound("restore", name));
    WrongUse.throwIfAny(conflict());
    Restoring restoring = new Restoring(session.backups());
    if (last.given()) {
      last.run(restoring, volume);
      session.streams().out().println(volume);
      return;
    }
    session.interruptibly(
        () -> from.with(session, volume, source -> restore(session, restoring, source)));
  }

  private Optional<String> conflict() {
    boolean others = from.given() || how.given() || dryRun || json;
    return last.conflict(others).or(how::conflict);
  }

  private void restore(Session session, Restoring restoring, RestoreSource source) {
    WrongUse.throwIf(
        how.needsIndex() && !(source instanceof RestoreSource.Indexed),
        "--verify and --skip-damaged need a repository or an archive with an index");
    RestoreRequest request = how.request(session, name);
    RestorePlan plan = new RestorePlan(restoring.plan(source, request), source, request);
    if (dryRun) {
      session.streams().out().println(json ? plan.json() : plan.text());
      return;
    }
    if (plan.changesFiles() && !confirmed(session, request)) {
      throw new CommandFailure("restore %s: not confirmed; nothing was changed".formatted(name), 1);
    }
    RestoreReport report = RestoreReport.of(session, plan);
    restoring.restore(source, request, report);
    session.streams().out().println(json ? report.json(source.name()) : report.line(plan));
    report.requireWhole();
  }

  private boolean confirmed(Session session, RestoreRequest request) {
    if (yes) {
      return true;
    }
    if (from.isStandardInput()) {
      throw new RestoreFailed(
          name, "standard input is the backup, so it cannot answer a prompt", "use --yes");
    }
    return Confirmation.of(session.streams(), "--yes")
        .ask(
            "WARNING! This will %s volume %s.%n"
                .formatted(
                    request.mode() == Mode.REPLACE ? "replace the content of" : "change files in",
                    request.volume()));
  }
}
