package dev.keg.cli.command;

import dev.keg.cli.option.Converters;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.report.PruneReport;
import dev.keg.cli.session.Confirmation;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.lifecycle.Listing;
import dev.keg.lifecycle.Pruning;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.VolumeFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code keg prune}. */
@Command(name = "prune", customSynopsis = "keg prune [OPTIONS]")
public final class PruneCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(
      names = {"-a", "--all"},
      description = "Remove all unused local volumes without options, not just anonymous ones")
  private boolean all;

  @Option(
      names = "--filter",
      paramLabel = "filter",
      converter = Converters.Filter.class,
      description = "Provide filter values (e.g. \"label=<label>\")")
  private List<String> filters = new ArrayList<>();

  @Option(
      names = {"-f", "--force"},
      description = "Do not prompt for confirmation")
  private boolean force;

  @Option(names = "--dry-run", description = "Show what would be removed without removing it")
  private boolean dryRun;

  @Override
  public void run() {
    WrongUse.throwIf(force && dryRun, "--force and --dry-run cannot be used together");
    Session session = keg.session(quiet.given());
    session.warnOfMissingRoot();
    Pruning pruning = session.volumes().pruning();
    VolumeFilter filter =
        VolumeFilter.forPrune(
            all, FilterArguments.parse(filters), session.volumes().filterContext());
    if (force) {
      report(session, () -> pruning.prune(filter));
      return;
    }
    Listing candidates = pruning.candidates(filter);
    if (dryRun) {
      results.print(session, PruneReport.preview(candidates.volumes()));
      PartialFailure.throwIfAny(candidates.problems());
      return;
    }
    String preview = PruneReport.preview(candidates.volumes()).line();
    if (!preview.isEmpty()) {
      session.streams().err().println(preview);
    }
    if (Confirmation.of(session.streams(), "--force").ask(warning())) {
      report(session, () -> pruning.prune(filter, candidates.volumes()));
    }
  }

  private String warning() {
    return "WARNING! This will remove %s local volumes not used by at least one container.%n"
        .formatted(all ? "all" : "anonymous");
  }

  private void report(Session session, Supplier<Pruning.Result> pruning) {
    Pruning.Result result = Progress.during(session, "prune", pruning);
    results.print(session, PruneReport.of(result));
    PartialFailure.throwIfAny(result.problems());
  }
}
