package dev.keg.cli.command;

import dev.keg.cli.option.Converters;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Labels;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeAt;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg clone}. */
@Command(
    name = "clone",
    customSynopsis = "keg clone [OPTIONS] VOLUME[@SNAPSHOT] NEW_NAME",
    header = "Copy a volume, or a snapshot of one")
public final class CloneCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();

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
    Session session = keg.session();
    Labels added = Labels.parse(labels);
    VolumeAt from = VolumeAt.parse(volume);
    session.interruptibly(
        () -> {
          Volume copy =
              Progress.during(
                  session,
                  "clone " + volume,
                  () -> session.cloning(TreeListener.NONE).files(from),
                  progress -> session.cloning(progress.listener()).clone(from, newName, added));
          results.print(
              session, Result.ofVolume(copy.name().text(), "Cloned").with("From", volume));
        });
  }
}
