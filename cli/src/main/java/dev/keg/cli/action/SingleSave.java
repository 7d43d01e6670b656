package dev.keg.cli.action;

import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.cli.output.report.SaveReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Saves one volume, or one snapshot of it, into an archive or an image of its own. */
public final class SingleSave {
  private final Session session;
  private final String command;
  private final VolumeName volume;
  private final Map<VolumeName, SnapshotName> snapshots;

  /** Of {@code VOLUME[@SNAPSHOT]}. */
  public SingleSave(Session session, String command, String text) {
    this.session = session;
    this.command = command;
    VolumeAt at = VolumeAt.parse(text);
    volume =
        session
            .volumes()
            .existing(at.volume())
            .orElseThrow(() -> new NotFound(command, at.volume()));
    snapshots = at.at().map(snapshot -> Map.of(volume, snapshot)).orElse(Map.of());
  }

  /** Fails in the end if something could not be saved as it is; the result was told before. */
  public void run(
      SaveRequest request,
      Supplier<Destination> destination,
      PrintStream out,
      BiConsumer<SaveReport, Saved> tell) {
    SaveReport report = new SaveReport(session, command, out);
    Saving saving = new Saving(session.backups().at(snapshots), request, report);
    session.interruptibly(
        () -> {
          Saved saved = saving.save(volume, destination.get());
          tell.accept(report, saved);
          PartialFailure.throwIfAny(saved.problems());
          if (!saved.whole()) {
            throw CommandFailure.withDifferences(command + "ed");
          }
        });
  }
}
