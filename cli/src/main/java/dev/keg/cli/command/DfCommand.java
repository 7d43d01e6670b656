package dev.keg.cli.command;

import dev.keg.backup.repository.BackupCatalog;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.cli.usage.GroupWord;
import dev.keg.cli.usage.LastBackupOption;
import dev.keg.cli.usage.MetricsOptions;
import dev.keg.cli.usage.UsageOrder;
import dev.keg.cli.usage.UsageOrderWord;
import dev.keg.cli.usage.UsageReport;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Usage;
import dev.keg.lifecycle.UsageSum;
import dev.keg.lifecycle.Usages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg df}. */
@Command(name = "df", customSynopsis = "keg df [OPTIONS] [VOLUME...]")
public final class DfCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions(UsageReport::rows, MetricsOptions.FORMAT);
  @Mixin private LastBackupOption repository = new LastBackupOption();

  @Mixin private MetricsOptions metrics = new MetricsOptions();

  @Option(
      names = "--by",
      paramLabel = "group",
      converter = GroupWord.class,
      description = "Print sums by driver, type, pool or label=KEY")
  private Optional<GroupWord.Group> group = Optional.empty();

  @Option(
      names = "--fresh",
      description = "Count all files again, even if nothing was written since the last time")
  private boolean fresh;

  @Option(
      names = "--sort",
      paramLabel = "order",
      defaultValue = "name",
      converter = UsageOrderWord.class,
      completionCandidates = UsageOrderWord.class,
      description = "Sort by name, size, allocated, files, full or used (default \"name\")")
  private UsageOrder order;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    Format format = rows.format();
    boolean prometheus = rows.is(MetricsOptions.FORMAT);
    metrics.check(prometheus);
    WrongUse.throwIf(
        prometheus && (rows.quiet() || group.isPresent()),
        "conflicting options: --format prometheus, and --quiet or --by");
    WrongUse.throwIf(
        group.isPresent() && !order.ofSums(),
        "conflicting options: --by and --sort " + order.word());
    WrongUse.throwIf(
        group.isPresent() && repository.given(), "conflicting options: --by and --repo");
    Session session = keg.session(rows.quiet());
    session.warnOfMissingRoot();
    List<VolumeException> problems = new ArrayList<>();
    Optional<BackupCatalog> backups =
        group.isPresent() ? Optional.empty() : repository.backups(session, problems);
    UsageReport report = new UsageReport(session, format);
    Usages.Result measured = report.watching(seen -> session.usages().measure(names, fresh, seen));
    problems.addAll(measured.problems());
    List<Usage> usages = measured.usages();
    if (prometheus) {
      metrics.publish(session, report.metrics(usages, backups));
    } else if (group.isPresent()) {
      boolean pools = group.get() instanceof GroupWord.ByPool;
      List<UsageSum> sums =
          pools ? UsageSum.by(session.usages().pools(), usages) : UsageSum.by(group.get(), usages);
      report.print(sums.stream().sorted(order.sums()).toList(), pools);
    } else {
      report.print(usages.stream().sorted(order.volumes()).toList(), backups);
    }
    PartialFailure.throwIfAny(problems);
  }
}
