package dev.keg.cli.command;

import dev.keg.backup.restore.Restoring;
import dev.keg.cli.action.RestoreRun;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.backup.RestoreOptions;
import dev.keg.cli.option.backup.RestoreSelection;
import dev.keg.cli.option.backup.SourceOptions;
import dev.keg.cli.option.backup.UndoOptions;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
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
@Command(name = "restore", customSynopsis = "keg restore [OPTIONS] VOLUME [VOLUME...]")
public final class RestoreCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private SourceOptions from = new SourceOptions();
  @Mixin private RestoreOptions how = new RestoreOptions();
  @Mixin private UndoOptions last = new UndoOptions();
  @Mixin private RestoreSelection which = new RestoreSelection();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(names = "--dry-run", description = "Show what would be done without doing it")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not prompt for confirmation")
  private boolean yes;

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    WrongUse.throwIfAny(conflict(session));
    List<String> names = which.names(session, from);
    if (names.isEmpty()) {
      session.warn("the repository has no backup of this host, so nothing is restored");
      return;
    }
    RestoreRun run =
        new RestoreRun(session, from, how, new RestoreRun.Answers(dryRun, yes, results.json()));
    List<RuntimeException> problems = new ArrayList<>();
    Interruption.run(
        () -> problems.addAll(PartialFailure.collect(names, name -> restore(session, run, name))));
    PartialFailure.throwIfAny(problems);
    run.requireWhole();
  }

  private Optional<String> conflict(Session session) {
    boolean others = from.given() || how.given() || which.all() || dryRun;
    return last.conflict(others)
        .or(() -> how.conflict(which.many()))
        .or(() -> from.conflict(session, which.many()));
  }

  private void restore(Session session, RestoreRun run, String name) {
    VolumeName volume = session.volumes().nameOf(name).orElseThrow(() -> notFound(name));
    if (last.given()) {
      results.print(session, last.run(new Restoring(session.backups()), volume));
    } else {
      run.restore(volume, name);
    }
  }

  private static NotFound notFound(String name) {
    int at = name.indexOf('@');
    if (at <= 0) {
      return new NotFound("restore", name);
    }
    String volume = name.substring(0, at);
    String point = name.substring(at + 1);
    return new NotFound(
        "restore",
        name,
        "`keg restore --at %s %s` takes a backup, `keg snapshot restore %s %s` a snapshot"
            .formatted(point, volume, volume, point));
  }
}
