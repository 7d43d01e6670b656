package dev.keg.cli.command;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.cli.action.SingleSave;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.backup.ArchiveOptions;
import dev.keg.cli.option.backup.SourceOptions;
import dev.keg.cli.output.report.SaveReport;
import dev.keg.cli.output.report.SaveReport.Style;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.Streams;
import dev.keg.cli.session.WrongUse;
import java.io.PrintStream;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code keg export}, like podman's: a tar archive for any program that reads tar, of a volume or a
 * backup.
 */
@Command(name = "export", customSynopsis = "keg export [OPTIONS] VOLUME[@X]")
public final class ExportCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();
  @Mixin private SourceOptions from = new SourceOptions();
  @Mixin private ArchiveOptions archive = new ArchiveOptions();

  @Parameters(arity = "1", paramLabel = "VOLUME")
  private String name = "";

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    WrongUse.throwIfAny(archive.conflict());
    SingleSave save = new SingleSave(session, "export", name);
    String file = archive.file().orElse("-");
    if (file.equals("-")) {
      CommandFailure.throwIfTerminal(session, " or the --output flag");
    }
    Streams streams = session.streams();
    PrintStream out = file.equals("-") ? streams.err() : streams.out();
    Supplier<Destination> destination =
        () -> archive.destination(session, file, Compression.ofExport(file));
    if (from.given() || save.isBackup()) {
      save.copy(from, destination, out, this::tell);
    } else {
      int threads = Runtime.getRuntime().availableProcessors();
      save.run(SaveRequest.plain(threads), destination, out, this::tell);
    }
  }

  private void tell(SaveReport report, Saved saved) {
    if (results.json()) {
      report.of(Style.JSON).saved(saved);
    }
  }
}
