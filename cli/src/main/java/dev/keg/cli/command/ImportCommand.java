package dev.keg.cli.command;

import dev.keg.backup.restore.ArchiveFile;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.cli.action.ForeignRestore;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.ForeignOptions;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.volume.VolumeName;
import java.io.InputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code keg import}, like podman's: adds the files of the archive to those of the volume. Unlike
 * podman, it leaves the volume unchanged if the archive is invalid, and {@code restore --undo}
 * reverts an import.
 */
@Command(name = "import", customSynopsis = "keg import [OPTIONS] VOLUME SOURCE")
public final class ImportCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ForeignOptions how = new ForeignOptions();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Parameters(index = "0", arity = "1", paramLabel = "VOLUME")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "1",
      paramLabel = "SOURCE",
      converter = Converters.FileName.class,
      description =
          "tar (plain or compressed with gzip, bzip2, xz or zstd) or zip; - is standard input")
  private String source = "";

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    VolumeName volume =
        session.volumes().existing(name).orElseThrow(() -> new NotFound("import", name));
    Interruption.run(() -> read(session, volume));
  }

  private void read(Session session, VolumeName volume) {
    if (source.equals("-")) {
      InputStream in = session.streams().in();
      restore(session, volume, new RestoreSource.Stream("standard input", in));
    } else {
      ArchiveFile file =
          new ArchiveFile(session.files().getPath(source), session.repositoryAccess().keys());
      file.openForeign(archive -> restore(session, volume, archive));
    }
  }

  private void restore(Session session, VolumeName volume, RestoreSource from) {
    new ForeignRestore(session, "import", how.request(volume, Mode.MERGE), results).from(from, "");
  }
}
