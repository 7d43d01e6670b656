package dev.keg.cli.command;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.replica.BackupRun;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.MachineCopies;
import dev.keg.backup.save.Saving;
import dev.keg.cli.action.EarlierVolumes;
import dev.keg.cli.option.backup.DestinationOptions;
import dev.keg.cli.option.backup.HostOption;
import dev.keg.cli.option.backup.KeepOptions;
import dev.keg.cli.option.backup.MachineOption;
import dev.keg.cli.option.backup.NewRepositoryOptions;
import dev.keg.cli.option.backup.SaveOptions;
import dev.keg.cli.option.backup.SavedOptions;
import dev.keg.cli.option.backup.VolumeSelection;
import dev.keg.cli.option.backup.VolumeSelection.Selected;
import dev.keg.cli.output.report.SaveReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.VolumeException;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code keg backup}. */
@Command(name = "backup", customSynopsis = "keg backup [OPTIONS] VOLUME [VOLUME...]")
public final class BackupCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private VolumeSelection which = new VolumeSelection();
  @Mixin private DestinationOptions to = new DestinationOptions();
  @Mixin private NewRepositoryOptions encryption = new NewRepositoryOptions();
  @Mixin private SaveOptions how = new SaveOptions();
  @Mixin private MachineOption machine = new MachineOption();
  @Mixin private HostOption host = new HostOption();
  @Mixin private KeepOptions keep = new KeepOptions();
  @Mixin private SavedOptions saved = new SavedOptions();

  @Override
  public void run() {
    Session session = keg.session();
    WrongUse.throwIfAny(to.conflict(encryption.given(), keep.given(), host.given(), how));
    WrongUse.throwIfAny(how.conflict().or(() -> machine.conflict(how)));
    Selected selected = which.select(session);
    List<String> locations = to.repositories(session);
    if (selected.size() == 0) {
      session.warnOfMissingRoot();
      session.warn("no volume matches, so nothing is backed up");
      return;
    }
    WrongUse.throwIf(
        to.file().isPresent() && selected.size() != 1,
        "--output takes only one volume; --to takes many");
    Interruption.run(() -> save(session, locations, selected));
  }

  private void save(Session session, List<String> locations, Selected selected) {
    SaveReport report = new SaveReport(session, "backup", to.archive().results(session));
    List<VolumeException> stopped = session.backups().stopNotes(session.programs()).startLeft();
    BackupRun run;
    try (EarlierVolumes earlier = new EarlierVolumes(session, "backup")) {
      BackupContext context = session.backups().at(selected.snapshots(earlier::at));
      try (MachineCopies copies = machine.copies(session, context, report)) {
        run = run(session, context, report, copies);
        to.file()
            .ifPresentOrElse(
                file -> selected.volumes().forEach(volume -> toFile(session, run, file, volume)),
                () -> run.toRepositories(locations, selected.volumes()));
      }
    }
    PartialFailure.throwIfAny(
        Stream.of(stopped, selected.problems(), run.problems()).flatMap(List::stream).toList());
    if (run.incomplete() > 0) {
      throw CommandFailure.withDifferences("backed up");
    }
  }

  private BackupRun run(
      Session session, BackupContext context, SaveReport report, MachineCopies copies) {
    return new BackupRun(
        new Saving(context, how.request(session), report, copies),
        encryption.repositories(session),
        session.knownRepositories(),
        keep.settings(session, host.origin(session)),
        report.of(saved.style()));
  }

  private void toFile(Session session, BackupRun run, String file, VolumeName volume) {
    Compression compression = Compression.ofBackup(file, how.levelFor(session, file));
    run.to(to.archive().destination(session, file, compression), volume);
  }
}
