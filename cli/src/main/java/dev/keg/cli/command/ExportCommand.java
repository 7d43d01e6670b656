package dev.keg.cli.command;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.Exclusions;
import dev.keg.backup.save.FileDestination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.backup.save.StreamDestination;
import dev.keg.backup.save.UserCommands;
import dev.keg.cli.output.SaveReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.Streams;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg export}, as podman's: a tar archive for whoever reads tar. */
@Command(
    name = "export",
    customSynopsis = "keg export [OPTIONS] VOLUME",
    header = "Export a volume to a tar archive")
public final class ExportCommand implements Runnable {
  private static final int NOT_WHOLE = 3;

  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      converter = Converters.FileName.class,
      description =
          "Write to this file, compressed if its name ends in .gz, .tgz or .zst (default: standard"
              + " output)")
  private Optional<String> output = Optional.empty();

  @Parameters(arity = "1", paramLabel = "VOLUME")
  private String name = "";

  @Override
  public void run() {
    Session session = keg.session();
    output
        .flatMap(ArchiveNames::misleading)
        .ifPresent(
            why -> {
              throw new ParameterException(spec.commandLine(), why);
            });
    VolumeName volume =
        VolumeName.lookup(name)
            .filter(known -> session.volumes().exists(known.text()))
            .orElseThrow(() -> new NotFound("export", name));
    Destination destination = destination(session);
    Streams streams = session.streams();
    SaveReport report =
        new SaveReport(streams.err(), streams.err(), session.clock(), session.isWatched());
    Saving saving = new Saving(session.backups(), request(session), report);
    session.interruptibly(() -> finish(saving.save(volume, destination)));
  }

  private static void finish(Saved saved) {
    PartialFailure.throwIfAny(saved.problems());
    if (!saved.whole()) {
      throw new CommandFailure(
          "Warning: not every file is in the archive as it was; the lines above name them",
          NOT_WHOLE);
    }
  }

  private Destination destination(Session session) {
    String file = output.orElse("-");
    if (!file.equals("-")) {
      return new FileDestination(
          session.files().getPath(file),
          Compression.ofExport(file),
          session.directorySync(),
          session.random());
    }
    if (session.printsToTerminal()) {
      throw new CommandFailure(
          "Error: cannot write to terminal, use command-line redirection or the --output flag",
          125);
    }
    return new StreamDestination(session.streams().out(), new Compression.None());
  }

  private static SaveRequest request(Session session) {
    return new SaveRequest(
        true,
        OptionalInt.empty(),
        Exclusions.of(List.of()),
        new UserCommands(
            Optional.empty(), Optional.empty(), session.programs(), session.streams().err()),
        false,
        Set.of(),
        Runtime.getRuntime().availableProcessors());
  }
}
