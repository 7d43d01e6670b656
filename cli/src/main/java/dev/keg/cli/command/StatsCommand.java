package dev.keg.cli.command;

import dev.keg.activity.Activities.Samples;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.ActivityRow;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.cli.usage.ActivityMetrics;
import dev.keg.cli.usage.MetricsOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg stats}: shows what iostat(1) shows, for the devices below volumes. */
@Command(name = "stats", customSynopsis = "keg stats [OPTIONS] [VOLUME...]")
public final class StatsCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions(_ -> ActivityRow.ROWS, MetricsOptions.FORMAT);

  @Mixin private MetricsOptions metrics = new MetricsOptions();

  @Option(
      names = "--interval",
      paramLabel = "seconds",
      converter = Converters.Seconds.class,
      description = "Seconds to watch before each report (default 1)")
  private Optional<Duration> interval = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "number",
      converter = Converters.Count.class,
      description = "How many reports to print, or unlimited (default 1)")
  private Optional<Integer> count = Optional.empty();

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    Format format = rows.format();
    boolean prometheus = rows.is(MetricsOptions.FORMAT);
    metrics.check(prometheus);
    WrongUse.throwIf(
        prometheus && (rows.quiet() || rows.json() || interval.isPresent() || count.isPresent()),
        "conflicting options: --format prometheus, and --quiet, --interval or --count");
    Session session = keg.session();
    session.warnOfMissingRoot();
    Samples samples = session.activities().sample(names);
    if (prometheus) {
      metrics.publish(session, ActivityMetrics.of(samples.samples()));
    } else {
      watch(session, format, samples);
    }
    PartialFailure.throwIfAny(samples.problems());
  }

  private void watch(Session session, Format format, Samples first) {
    Samples before = first;
    int reports = count.orElse(1);
    for (int i = 0; i != reports && !Thread.interrupted(); i++) {
      if (before.samples().stream().anyMatch(sample -> sample.counters().isPresent())) {
        Interruption.sleep(interval.orElse(Duration.ofSeconds(1)));
      }
      Samples now = session.activities().again(before);
      print(session.streams().out(), format, ActivityRow.of(before, now));
      before = now;
    }
  }

  private void print(PrintStream out, Format format, List<ActivityRow> found) {
    if (rows.json()) {
      found.forEach(row -> out.println(row.json()));
    } else {
      ActivityRow.ROWS.print(out, format, found);
    }
    out.flush();
  }
}
