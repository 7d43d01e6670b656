package dev.keg.cli.command;

import dev.keg.activity.Activities;
import dev.keg.activity.Activities.Looks;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.ActivityRow;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
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

/** {@code keg stats}: what iostat(1) says of the devices below volumes. */
@Command(
    name = "stats",
    customSynopsis = "keg stats [OPTIONS] [VOLUME...]",
    header = "Show what the devices below volumes do")
public final class StatsCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions();

  @Option(
      names = "--interval",
      paramLabel = "seconds",
      converter = Converters.Seconds.class,
      description = "How long to watch before each report (default 1)")
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
    Session session = keg.session();
    session.warnOfMissingRoot();
    Activities activities = session.activities();
    Looks before = activities.look(names);
    int reports = count.orElse(1);
    for (int i = 0; i != reports && !Thread.interrupted(); i++) {
      if (before.looks().stream().anyMatch(look -> look.counters().isPresent())) {
        session.sleep(interval.orElse(Duration.ofSeconds(1)));
      }
      Looks now = activities.again(before);
      print(session.streams().out(), format, rowsOf(before, now));
      before = new Looks(now.looks(), before.problems());
    }
    PartialFailure.throwIfAny(before.problems());
  }

  private static List<ActivityRow> rowsOf(Looks before, Looks now) {
    List<ActivityRow> found = new ArrayList<>();
    for (int i = 0; i < now.looks().size(); i++) {
      Activities.Look look = now.looks().get(i);
      found.add(new ActivityRow(look, look.since(before.looks().get(i))));
    }
    return found;
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
