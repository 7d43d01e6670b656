package dev.keg.cli.option.backup;

import dev.keg.backup.restore.ArchiveFile;
import dev.keg.backup.restore.Creating;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.report.RestoreReport;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.copying.Filling;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The initial content of a new volume. */
public final class FillOption {
  private static final String OPERATION = "create";

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      description =
          "Fill it from a volume, VOLUME@X (a snapshot, else a backup), a directory or an archive")
  private Optional<String> from = Optional.empty();

  public boolean given() {
    return from.isPresent();
  }

  /** Creates the volume, and removes it again if it cannot be filled. */
  public RestoreReport create(Session session, VolumeRequest request) {
    Progress progress = Progress.of(session, "create " + request.name(), () -> Size.ZERO);
    RestoreReport report =
        new RestoreReport(session.streams().err(), OPERATION, request.name(), progress);
    try {
      Interruption.run(
          () -> new FilledVolume(session, request, progress, report).from(from.orElseThrow()));
    } finally {
      var _ = report.summary();
    }
    return report;
  }

  /** A volume that is being created. */
  private record FilledVolume(
      Session session, VolumeRequest request, Progress progress, RestoreReport report) {
    void from(String text) {
      // An unset variable in a script must not select the current directory.
      WrongUse.throwIf(text.isEmpty(), "--from requires a source");
      Optional<EarlierVolume> earlier = EarlierVolume.of(session, OPERATION, text);
      if (text.equals("-")) {
        restore(new RestoreSource.Stream("standard input", session.streams().in()));
      } else if (isPath(text)) {
        path(session.files().getPath(text));
      } else if (earlier.isPresent()) {
        earlier(earlier.get());
      } else {
        volume(text);
      }
    }

    private boolean isPath(String text) {
      return text.startsWith(".") || text.contains("/") || text.contains("\\");
    }

    private void path(Path path) {
      if (Files.isDirectory(path)) {
        filling().fromDirectory(request, path);
      } else {
        new ArchiveFile(path, session.repositoryAccess().keys()).openForeign(this::restore);
      }
    }

    // A file in the working directory may have any name.
    private void volume(String text) {
      Optional<VolumeName> volume = session.volumes().existing(text);
      Path path = session.files().getPath(text);
      if (volume.isEmpty() && Files.exists(path)) {
        path(path);
        return;
      }
      filling().fromVolume(request, volume.orElseThrow(() -> new NotFound(OPERATION, text)));
    }

    private void earlier(EarlierVolume volume) {
      volume
          .snapshot()
          .ifPresentOrElse(
              name -> filling().fromSnapshot(request, volume.existing().orElseThrow(), name),
              () -> volume.backup(this::restore));
    }

    private Filling filling() {
      return new Filling(session.backups(), report);
    }

    private void restore(RestoreSource source) {
      var _ = progress.estimating(source::share);
      RestoreRequest whole =
          RestoreRequest.foreign(
              request.name(), Mode.EMPTY, false, Runtime.getRuntime().availableProcessors());
      new Creating(session.backups()).create(request, source, whole, report);
    }
  }
}
