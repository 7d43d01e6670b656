package dev.keg.cli.command;

import dev.keg.backup.restore.ArchiveFile;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.cli.action.ForeignRestore;
import dev.keg.cli.option.Converters;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code keg import}, as podman's: what is in the archive joins what is in the volume. Unlike there
 * the volume is as it was when the archive turns out to be bad, and {@code restore --undo} goes
 * back.
 */
@Command(name = "import", customSynopsis = "keg import [OPTIONS] VOLUME SOURCE")
public final class ImportCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(names = "--replace", description = "Replace the content of the volume")
  private boolean replace;

  @Option(
      names = "--trust",
      description = "Take devices, setuid and security attributes from the archive")
  private boolean trust;

  @Parameters(index = "0", arity = "1", paramLabel = "VOLUME")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "1",
      paramLabel = "SOURCE",
      converter = Converters.FileName.class,
      description = "tar, also packed with gzip, bzip2, xz or zstd, or zip; - is standard input")
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
    RestoreRequest request =
        RestoreRequest.foreign(
            volume,
            replace ? Mode.REPLACE : Mode.MERGE,
            trust,
            Runtime.getRuntime().availableProcessors());
    new ForeignRestore(session, "import", request, results).from(from, "");
  }
}
