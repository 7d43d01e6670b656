package dev.keg.cli.action;

import dev.keg.backup.restore.Exporting;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.cli.option.backup.EarlierVolume;
import dev.keg.cli.option.backup.SourceOptions;
import dev.keg.cli.output.report.SaveReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Saves one volume, a snapshot or a backup of it to an archive or an image of its own. */
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
    run(report -> save(request, destination, report), out, tell);
  }

  /** Saves a backup of it, of which nothing is restored. */
  public void copy(
      SourceOptions from,
      Supplier<Destination> destination,
      PrintStream out,
      BiConsumer<SaveReport, Saved> tell) {
    run(report -> copied(from, destination, report), out, tell);
  }

  /** Whether it is a backup in the usual repository. */
  public boolean isBackup() {
    return EarlierVolume.of(session, command, text)
        .filter(at -> at.snapshot().isEmpty())
        .isPresent();
  }

  private void run(
      Function<SaveReport, Saved> work, PrintStream out, BiConsumer<SaveReport, Saved> tell) {
    SaveReport report = new SaveReport(session, command, out);
    Interruption.run(
        () -> {
          Saved saved = work.apply(report);
          tell.accept(report, saved);
          PartialFailure.throwIfAny(saved.problems());
          if (!saved.whole()) {
            throw CommandFailure.withDifferences(command + "ed");
          }
        });
  }

  private Saved copied(SourceOptions from, Supplier<Destination> destination, SaveReport report) {
    AtomicReference<Saved> saved = new AtomicReference<>();
    from.with(
        session, command, text, source -> saved.set(copied(source, destination.get(), report)));
    return Objects.requireNonNull(saved.get());
  }

  private Saved copied(RestoreSource source, Destination destination, SaveReport report) {
    if (!(source instanceof RestoreSource.Indexed indexed)) {
      throw new WrongUse("--from requires a repository or an archive with an index");
    }
    requireMeant(indexed);
    int threads = Runtime.getRuntime().availableProcessors();
    return new Exporting(session.clock(), report, threads).export(indexed, destination);
  }

  /** An archive in a file may be of any volume. */
  private void requireMeant(RestoreSource.Indexed source) {
    String named = EarlierVolume.of(session, command, text).map(EarlierVolume::volume).orElse(text);
    String meant = session.volumes().existing(named).map(VolumeName::text).orElse(named);
    source
        .volume()
        .map(volume -> volume.name().text())
        .filter(name -> !name.equals(meant))
        .ifPresent(
            name -> {
              throw new RestoreFailed(
                  command,
                  meant,
                  "%s is of volume %s".formatted(source.name(), name),
                  "name that volume instead");
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
