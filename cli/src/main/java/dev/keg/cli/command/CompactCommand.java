package dev.keg.cli.command;

import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.volume.Size;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg compact}. */
@Command(name = "compact", customSynopsis = "keg compact [OPTIONS] VOLUME")
public final class CompactCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(
      names = "--full",
      description = "Read the whole disk and release zero blocks as well (vhdx)")
  private boolean full;

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    Interruption.run(
        () -> {
          Size reclaimed =
              Progress.during(
                  session, "compact " + volume, () -> session.sizes().compact(volume, full));
          Result result = Result.of("Total reclaimed space: " + reclaimed.human());
          results.print(
              session, result.with("Volume", volume).with("Reclaimed", reclaimed.bytes()));
        });
  }
}
