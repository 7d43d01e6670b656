package dev.keg.cli.command;

import dev.keg.cli.action.EarlierVolumes;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.report.CopyReport;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.Streams;
import dev.keg.cli.session.WrongUse;
import dev.keg.copying.CopyEnd;
import dev.keg.copying.CopyRequest;
import dev.keg.copying.Copying;
import dev.keg.volume.Size;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg cp}, compatible with docker's. */
@Command(name = "cp", customSynopsis = "keg cp [OPTIONS] [VOLUME:]SRC_PATH [VOLUME:]DEST_PATH")
public final class CpCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();

  @Option(
      names = {"-a", "--archive"},
      description = "Archive mode (copy all uid/gid information)")
  private boolean archive;

  @Option(
      names = {"-L", "--follow-link"},
      description = "Always follow symbol link in SRC_PATH")
  private boolean followLink;

  @Option(
      names = {"-q", "--quiet"},
      description = "Suppress progress output during copy")
  private boolean quiet;

  @Option(
      names = {"-r", "--recursive"},
      description = "Copy directories with their content, which is the default")
  void recursive(boolean given) {
    // Directories are always copied with their content.
  }

  @Parameters(
      index = "0",
      arity = "1",
      paramLabel = "SRC_PATH",
      converter = Converters.FileName.class)
  private String source = "";

  @Parameters(
      index = "1",
      arity = "1",
      paramLabel = "DEST_PATH",
      converter = Converters.FileName.class)
  private String target = "";

  @Override
  public void run() {
    Session session = keg.session();
    CopyEnd from = CopyEnd.parse(source, session.files());
    CopyEnd to = CopyEnd.parse(target, session.files());
    if (to instanceof CopyEnd.Stream) {
      CommandFailure.throwIfTerminal(session, "");
      WrongUse.throwIf(results.json(), "--json is not possible: standard output is the archive");
    }
    CopyReport report =
        new CopyReport(
            "cp",
            session.streams().err(),
            quiet ? null : Progress.of(session, "cp " + source, () -> Size.ZERO));
    Interruption.run(() -> copy(session, from, to, report));
    report.end();
    if (results.json()) {
      session.streams().out().println(report.json(from.toString(), to.toString()));
    }
    report.requireWhole();
  }

  private void copy(Session session, CopyEnd from, CopyEnd to, CopyReport report) {
    try (EarlierVolumes earlier = new EarlierVolumes(session, "cp")) {
      CopyRequest request = new CopyRequest(earlier.at(from, followLink), to, archive, followLink);
      Streams streams = session.streams();
      new Copying(session.backups(), session.files())
          .copy(request, streams.in(), streams.out(), report);
    }
  }
}
