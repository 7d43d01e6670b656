package dev.keg.cli.command;

import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.page.PageOptions;
import dev.keg.cli.page.ReportData;
import dev.keg.cli.page.ReportPage;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code keg report}. */
@Command(name = "report", customSynopsis = "keg report [OPTIONS]")
public final class ReportCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private PageOptions page = new PageOptions();
  @Mixin private RepositoryOptions repository = new RepositoryOptions();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    page.check(session, results.json());
    session.warnOfMissingRoot();
    ReportData data = ReportData.collect(session, repository.found(session));
    page.write(session, ReportPage.of(data.document()));
    results.print(session, data.summary());
    PartialFailure.throwIfAny(data.problems());
  }
}
