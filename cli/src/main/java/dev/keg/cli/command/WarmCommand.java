package dev.keg.cli.command;

import dev.keg.cli.option.Converters;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.cli.usage.WarmedRow;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg warm}. */
@Command(name = "warm", customSynopsis = "keg warm [OPTIONS] VOLUME[:PATH] [VOLUME[:PATH]...]")
public final class WarmCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions(_ -> WarmedRow.ROWS);

  @Option(
      names = "--rate",
      paramLabel = "size",
      converter = Converters.ByteCount.class,
      description = "Read at most this many bytes per second, such as 50m (default unlimited)")
  private Optional<Size> rate = Optional.empty();

  @Parameters(arity = "1..*", paramLabel = "VOLUME[:PATH]")
  private List<String> volumes = new ArrayList<>();

  @Override
  public void run() {
    Format format = rows.format();
    WrongUse.throwIf(
        rate.filter(size -> size.bytes() == 0).isPresent(), "--rate must be greater than 0");
    Session session = keg.session(rows.quiet());
    List<WarmedRow> warmed = new ArrayList<>();
    List<VolumeException> problems = new ArrayList<>();
    Interruption.run(
        () -> {
          for (String volume : volumes) {
            try {
              WarmedRow row = warm(session, volume);
              warmed.add(row);
              problems.addAll(row.warmed().problems());
            } catch (VolumeException e) {
              problems.add(e);
            }
          }
          print(session.streams().out(), format, warmed);
          PartialFailure.throwIfAny(problems);
        });
  }

  private WarmedRow warm(Session session, String text) {
    int colon = text.indexOf(':');
    String volume = colon < 0 ? text : text.substring(0, colon);
    String path = colon < 0 ? "" : text.substring(colon + 1);
    Progress progress = Progress.of(session, "warm " + text, () -> Size.ZERO);
    try {
      long limit = rate.map(Size::bytes).orElse(0L);
      return new WarmedRow(
          volume, path, session.warming().warm(volume, path, limit, progress.listener()));
    } finally {
      progress.end();
    }
  }

  private void print(PrintStream out, Format format, List<WarmedRow> warmed) {
    if (rows.json()) {
      warmed.forEach(row -> out.println(row.json()));
    } else {
      WarmedRow.ROWS.print(out, format, warmed);
    }
  }
}
