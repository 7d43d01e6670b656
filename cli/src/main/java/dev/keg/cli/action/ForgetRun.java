package dev.keg.cli.action;

import dev.keg.backup.repack.RepackLimits;
import dev.keg.backup.repack.RepackReport;
import dev.keg.backup.repack.Repacking;
import dev.keg.backup.replica.NamedBackups;
import dev.keg.backup.replica.Rotation;
import dev.keg.backup.replica.Rotation.Decision;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupCatalog.Damage;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.store.ObjectName;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.DecisionColumns;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.ForgetSummary;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.template.GoText;
import dev.keg.volume.Size;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** {@code keg forget} in an open repository: forgets backups, and repacks. */
public record ForgetRun(
    Session session, Repository repository, RowOptions rows, Grace grace, boolean dryRun) {
  /**
   * What to forget.
   *
   * @param unreadable backups whose indexes cannot be read
   * @param leavesRest whether each volume must have a backup afterwards
   */
  public record Choice(List<Decision> decisions, List<BackupId> unreadable, boolean leavesRest) {}

  /** What is kept and what is forgotten. */
  public static Rows<Decision> rows(Session session) {
    return rows(session, false);
  }

  private static Rows<Decision> rows(Session session, boolean preview) {
    return DecisionColumns.rows(session.zone(), preview);
  }

  public void run(
      RetentionPolicy policy,
      BiFunction<BackupCatalog, Rotation, Choice> choice,
      Optional<RepackLimits> limits) {
    Rotation rotation = new Rotation(repository, policy, session.zone(), session.clock());
    BackupCatalog catalog = repository.list();
    PartialFailure.throwIfAny(catalog.gone(repository.address()));
    Choice chosen = choice.apply(catalog, rotation);
    List<Decision> decisions = chosen.decisions();
    // With names only, kept and forgotten backups would look the same.
    List<Decision> shown =
        rows.quiet() ? decisions.stream().filter(d -> !d.verdict().kept()).toList() : decisions;
    // Before anything is forgotten: an invalid format must not hide what was forgotten.
    String list = rows(session, dryRun).render(rows.format(), shown);
    boolean leavesRest = chosen.leavesRest() && !dryRun;
    Set<ObjectName> known = leavesRest ? repository.rests().known() : Set.of();
    ForgetReport report =
        dryRun
            ? rotation.preview(decisions, chosen.unreadable(), grace)
            : rotation.run(decisions, chosen.unreadable(), grace);
    session.streams().out().writeBytes(GoText.bytes(list));
    tell(ForgetSummary.of(dryRun ? "Would forget" : "Forgot", report));
    if (leavesRest) {
      NamedBackups.requireRest(repository, decisions, known);
    }
    PartialFailure.throwIfAny(Damage.problems(repository.address(), report.damages()));
    limits.ifPresent(limit -> repack(limit, report.forgotten()));
  }

  private void repack(RepackLimits limits, List<BackupId> forgotten) {
    Progress progress = Progress.of(session, "repack", () -> Size.ZERO);
    RepackReport report;
    try {
      Repacking repacking = new Repacking(repository, limits, progress::advanced);
      report = dryRun ? repacking.preview(forgotten) : repacking.run();
    } finally {
      progress.end();
    }
    tell(ForgetSummary.of(dryRun ? "Would repack" : "Repacked", report));
    PartialFailure.throwIfAny(report.problems());
  }

  /**
   * Prints the summary: for people on standard error, since the list is the result; for programs as
   * part of the result.
   */
  private void tell(Result summary) {
    PrintStream out = rows.json() ? session.streams().out() : session.streams().err();
    out.println(summary.text(rows.json()));
  }
}
