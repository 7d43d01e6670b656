package dev.keg.cli.command;

import dev.keg.backup.repack.RepackLimits;
import dev.keg.backup.repack.RepackReport;
import dev.keg.backup.repack.Repacking;
import dev.keg.backup.replica.Rotation;
import dev.keg.backup.replica.Rotation.Decision;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Catalog;
import dev.keg.backup.repository.Catalog.Damage;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.HostFilter;
import dev.keg.cli.option.backup.KeepOptions;
import dev.keg.cli.option.backup.RepackOptions;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.output.DecisionColumns;
import dev.keg.cli.output.report.ForgetSummary;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.cli.template.GoText;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg forget}. */
@Command(
    name = "forget",
    customSynopsis = "keg forget [OPTIONS] [VOLUME...]",
    header = "Forget the backups that a policy does not keep")
public final class ForgetCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RepositoryOptions where = new RepositoryOptions();
  @Mixin private HostFilter host = new HostFilter();
  @Mixin private KeepOptions keep = new KeepOptions();
  @Mixin private RepackOptions repack = new RepackOptions();
  @Mixin private RowOptions rows = new RowOptions();

  @Option(names = "--dry-run", description = "Show what would be forgotten without forgetting it")
  private boolean dryRun;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    RetentionPolicy policy = keep.policy(session);
    WrongUse.throwIf(policy.isEmpty(), "requires a --keep option, such as --keep-last 7");
    Optional<RepackLimits> limits = repack.limits();
    try (Repository repository = session.repositories().open(where.location(session))) {
      Rotation rotation = new Rotation(repository, policy, session.zone(), session.clock());
      Catalog catalog = repository.list();
      PartialFailure.throwIfAny(catalog.gone(repository.address()));
      List<Decision> decisions = rotation.decide(catalog, this::isConcerned);
      // Names alone do not say which of them were kept.
      List<Decision> shown =
          rows.quiet() ? decisions.stream().filter(d -> !d.verdict().kept()).toList() : decisions;
      // Before anything is forgotten: a format that does not fit must not hide what was.
      String list = DecisionColumns.rows(session.zone(), dryRun).render(rows.format(), shown);
      ForgetReport report = dryRun ? rotation.preview(decisions) : rotation.run(decisions);
      session.streams().out().writeBytes(GoText.bytes(list));
      session.streams().err().println(ForgetSummary.of(dryRun ? "Would forget" : "Forgot", report));
      PartialFailure.throwIfAny(Damage.problems(repository.address(), report.damages()));
      limits.ifPresent(limit -> repack(session, repository, limit, report.forgotten()));
    }
  }

  private void repack(
      Session session, Repository repository, RepackLimits limits, List<BackupId> forgotten) {
    Progress progress = Progress.of(session, "repack", () -> Size.ZERO);
    RepackReport report;
    try {
      Repacking repacking = new Repacking(repository, limits, progress::advanced);
      report = dryRun ? repacking.preview(forgotten) : repacking.run();
    } finally {
      progress.end();
    }
    session.streams().err().println(ForgetSummary.of(dryRun ? "Would repack" : "Repacked", report));
    PartialFailure.throwIfAny(report.problems());
  }

  private boolean isConcerned(Backup backup) {
    return host.covers(backup)
        && (volumes.isEmpty() || volumes.contains(backup.record().volume().name().text()));
  }
}
