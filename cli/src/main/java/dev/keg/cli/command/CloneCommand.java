package dev.keg.cli.command;

import dev.keg.cli.action.BackupClone;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.backup.EarlierVolume;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.report.RestoreReport;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Labels;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg clone}. */
@Command(name = "clone", customSynopsis = "keg clone [OPTIONS] VOLUME[@X] NEW_NAME")
public final class CloneCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(
      names = "--label",
      paramLabel = "list",
      converter = Converters.Label.class,
      description = "Add or change a label of the copy (key=value)")
  private List<String> labels = new ArrayList<>();

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Parameters(index = "1", paramLabel = "NEW_NAME")
  private String newName;

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    Labels added = Labels.parse(labels);
    Optional<EarlierVolume> backup =
        EarlierVolume.of(session, "clone", volume).filter(at -> at.snapshot().isEmpty());
    if (backup.isPresent()) {
      restore(session, new BackupClone(session, backup.get(), target(), added));
    } else {
      copy(session, VolumeAt.parse(volume), added);
    }
  }

  private VolumeName target() {
    return VolumeName.forNew("clone", newName);
  }

  private void restore(Session session, BackupClone clone) {
    Interruption.run(
        () -> {
          RestoreReport report = clone.run();
          tell(session, clone.to());
          report.requireWhole();
        });
  }

  private void copy(Session session, VolumeAt from, Labels added) {
    Interruption.run(
        () ->
            tell(
                session,
                Progress.during(
                        session,
                        "clone " + volume,
                        () -> session.cloning(TreeListener.NONE).files(from),
                        progress ->
                            session.cloning(progress.listener()).clone(from, newName, added))
                    .name()));
  }

  private void tell(Session session, VolumeName copy) {
    results.print(session, Result.ofVolume(copy.text(), "Cloned").with("From", volume));
  }
}
