package dev.keg.cli.action;

import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.cli.output.report.SaveReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Saves one volume, or a snapshot of it, to an archive or an image of its own. */
public record SingleSave(Session session, String command, String text) {

  /**
   * Saves it; fails at the end, after reporting the result, if something could not be saved
   * exactly.
   */
  public void run(
      SaveRequest request,
      Supplier<Destination> destination,
      PrintStream out,
      BiConsumer<SaveReport, Saved> tell) {
    SaveReport report = new SaveReport(session, command, out);
    Interruption.run(
        () -> {
          Saved saved = save(request, destination, report);
          tell.accept(report, saved);
          PartialFailure.throwIfAny(saved.problems());
          if (!saved.whole()) {
            throw CommandFailure.withDifferences(command + "ed");
          }
        });
  }

  private Saved save(SaveRequest request, Supplier<Destination> destination, SaveReport report) {
    try (EarlierVolumes earlier = new EarlierVolumes(session, command)) {
      VolumeAt at = earlier.at(text);
      VolumeName volume =
          session
              .volumes()
              .existing(at.volume())
              .orElseThrow(() -> new NotFound(command, at.volume()));
      BackupContext context =
          session.backups().at(at.at().map(name -> Map.of(volume, name)).orElse(Map.of()));
      return new Saving(context, request, report).save(volume, destination.get());
    }
  }
}
