package dev.keg.cli.command;

import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.cli.option.backup.RestoreOptions;
import dev.keg.cli.option.backup.RestoreSelection;
import dev.keg.cli.option.backup.SourceOptions;
import dev.keg.cli.option.backup.UndoOptions;
import dev.keg.cli.output.report.RestorePlan;
import dev.keg.cli.output.report.RestoreReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Confirmation;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code keg restore}. */
@Command(
    name = "restore",
    customSynopsis = "keg restore [OPTIONS] VOLUME [VOLUME...]",
    header = "Restore volumes, or some files of one, from a backup")
public final class RestoreCommand implements Runnable {
  private static final int INCOMPLETE = 3;

  @ParentCommand private Keg keg;
  @Mixin private SourceOptions from = new SourceOptions();
  @Mixin private RestoreOptions how = new RestoreOptions();
  @Mixin private UndoOptions last = new UndoOptions();
  @Mixin private RestoreSelection which = new RestoreSelection();

  @Option(names = "--dry-run", description = "Show what would be done without doing it")
  private boolean dryRun;

  @Option(names = "--json", description = "Print an object of what was restored")
  private boolean json;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not prompt for confirmation")
  private boolean yes;

  private boolean differs;

  @Override
  public void run() {
    Session session = keg.session();
    WrongUse.throwIfAny(conflict(session));
    List<String> names = which.names(session, from);
    if (names.isEmpty()) {
      session.warn("the repository has no backup of this host, so nothing is restored");
      return;
    }
    Restoring restoring = new Restoring(session.backups());
    List<RuntimeException> problems = new ArrayList<>();
    session.interruptibly(
        () ->
            problems.addAll(
                PartialFailure.collect(names, name -> restore(session, restoring, name))));
    PartialFailure.throwIfAny(problems);
    if (differs) {
      throw new CommandFailure("Warning: restored with differences, listed above", INCOMPLETE);
    }
  }

  private Optional<String> conflict(Session session) {
    boolean others = from.given() || how.given() || which.all() || dryRun || json;
    return last.conflict(others)
        .or(() -> how.conflict(which.many()))
        .or(() -> from.conflict(session, which.many()));
  }

  private void restore(Session session, Restoring restoring, String name) {
    VolumeName volume =
        session.volumes().nameOf(name).orElseThrow(() -> new NotFound("restore", name));
    if (last.given()) {
      last.run(restoring, volume);
      session.streams().out().println(volume);
      return;
    }
    from.with(session, volume, source -> restore(session, restoring, name, source));
  }

  private void restore(Session session, Restoring restoring, String name, RestoreSource source) {
    WrongUse.throwIf(
        how.needsIndex() && !(source instanceof RestoreSource.Indexed),
        "--verify and --skip-damaged need a repository or an archive with an index");
    RestoreRequest request = how.request(session, name);
    RestorePlan plan = new RestorePlan(restoring.plan(source, request), source, request);
    if (dryRun) {
      session.streams().out().println(json ? plan.json() : plan.text());
      return;
    }
    if (plan.changesFiles() && !confirmed(session, name, request)) {
      throw new CommandFailure("restore %s: not confirmed; nothing was changed".formatted(name), 1);
    }
    RestoreReport report = RestoreReport.of(session, plan);
    restoring.restore(source, request, report);
    session.streams().out().println(json ? report.json(source.name()) : report.line(plan));
    differs |= !report.isWhole();
  }

  private boolean confirmed(Session session, String name, RestoreRequest request) {
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
