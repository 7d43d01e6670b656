package dev.keg.cli.command;

import dev.keg.backup.replica.BackupSelection;
import dev.keg.cli.action.VerifyRun;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.backup.AtOption;
import dev.keg.cli.option.backup.HostFilter;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.option.backup.VerifyOptions;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg verify}. */
@Command(name = "verify", customSynopsis = "keg verify [OPTIONS] [VOLUME...]")
public final class VerifyCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RepositoryOptions where = new RepositoryOptions();
  @Mixin private AtOption at = new AtOption();
  @Mixin private HostFilter host = new HostFilter();
  @Mixin private VerifyOptions how = new VerifyOptions();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(
      names = {"-a", "--all"},
      description = "Verify every backup, not only the newest of each volume")
  private boolean all;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    WrongUse.throwIfAny(how.conflict());
    WrongUse.throwIf(all && at.given(), "conflicting options: --all and --at");
    VerifyRun run = new VerifyRun(session, how, results.json());
    String location = where.location(session);
    Path file = session.files().getPath(location);
    if (!location.contains("://") && Files.isRegularFile(file)) {
      WrongUse.throwIf(
          all || at.given() || host.given() || how.mends() || !volumes.isEmpty(),
          "an archive takes no selection options and cannot be repaired");
      Interruption.run(() -> run.checkFile(file));
      return;
    }
    BackupSelection selection =
        new BackupSelection(
            new LinkedHashSet<>(volumes), all ? Optional.empty() : Optional.of(at.choice(session)));
    Interruption.run(() -> run.checkBackups(location, selection, host::covers));
  }
}
