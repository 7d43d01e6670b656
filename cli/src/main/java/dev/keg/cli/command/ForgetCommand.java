package dev.keg.cli.command;

import dev.keg.backup.repack.RepackLimits;
import dev.keg.backup.replica.NamedBackups;
import dev.keg.backup.replica.Rotation;
import dev.keg.backup.replica.Rotation.Decision;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.cli.action.ForgetRun;
import dev.keg.cli.action.ForgetRun.Choice;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.HostFilter;
import dev.keg.cli.option.backup.KeepOptions;
import dev.keg.cli.option.backup.RepackOptions;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.registry.ArchivedVolume;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg forget}. */
@Command(name = "forget", customSynopsis = "keg forget [OPTIONS] [VOLUME... | [VOLUME@]ID...]")
public final class ForgetCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RepositoryOptions where = new RepositoryOptions();
  @Mixin private HostFilter host = new HostFilter();
  @Mixin private KeepOptions keep = new KeepOptions();
  @Mixin private RepackOptions repack = new RepackOptions();
  @Mixin private RowOptions rows = new RowOptions(ForgetRun::rows);

  @Option(names = "--dry-run", description = "Show what would be forgotten without forgetting it")
  private boolean dryRun;

  @Option(
      names = {"-f", "--force"},
      description = "With IDs, also forget the last backup of a volume")
  private boolean force;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> words = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session(rows.quiet());
    RetentionPolicy policy = keep.policy(session);
    if (keep.given() || words.stream().noneMatch(NamedBackups::mayBeMeant)) {
      requirePolicy(policy);
    }
    Optional<RepackLimits> limits = repack.limits();
    Map<String, VolumeName> archived = ArchivedVolume.byBackup(session.registry());
    try (Repository repository = session.repositories().open(where.location(session))) {
      new ForgetRun(session, repository, rows, repack.grace(), dryRun)
          .run(
              policy,
              (catalog, rotation) ->
                  choice(
                      new NamedBackups(repository.address(), catalog, archived), rotation, policy),
              limits);
    }
  }

  private Choice choice(NamedBackups named, Rotation rotation, RetentionPolicy policy) {
    if (!keep.given() && words.stream().anyMatch(named::isMeant)) {
      return new Choice(named.decide(words, host::covers, force), named.unreadable(words), !force);
    }
    requirePolicy(policy);
    List<Decision> decisions = rotation.decide(named.catalog(), this::isConcerned);
    return new Choice(Rotation.keepArchived(decisions, named.archived()), List.of(), false);
  }

  private void requirePolicy(RetentionPolicy policy) {
    WrongUse.throwIf(
        policy.isEmpty() && repack.limits().isEmpty(),
        "requires a --keep option, such as --keep-last 7, or --max-unused, or IDs of backups");
    WrongUse.throwIf(
        policy.isEmpty() && !words.isEmpty(),
        "--max-unused applies to the whole repository; a volume requires a --keep option as well");
    WrongUse.throwIf(force, "--force applies only to IDs");
    WrongUse.throwIf(
        words.stream().anyMatch(word -> word.contains("@")),
        "a --keep option applies to volumes, and not to IDs");
  }

  private boolean isConcerned(Backup backup) {
    return host.covers(backup)
        && (words.isEmpty() || words.contains(backup.record().volume().name().text()));
  }
}
