package dev.keg.cli.command;

import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.volume.Size;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg resize}. */
@Command(name = "resize", customSynopsis = "keg resize VOLUME SIZE")
public final class ResizeCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Parameters(index = "1", paramLabel = "SIZE")
  private String size;

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    Size wanted = Size.parseBinary(size);
    // Not interruptible: shrinking a file system must not stop halfway.
    var _ =
        Progress.during(session, "resize " + volume, () -> session.sizes().resize(volume, wanted));
    results.print(session, Result.ofVolume(volume, "Resized").with("Size", wanted.bytes()));
  }
}
