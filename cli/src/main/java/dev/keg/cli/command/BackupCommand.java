package dev.keg.cli.command;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.FileDestination;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.backup.save.StreamDestination;
import dev.keg.cli.output.SaveReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.Streams;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Listing;
import dev.keg.lifecycle.Volumes;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg backup}. */
@Command(
    name = "backup",
    customSynopsis = "keg backup [OPTIONS] VOLUME [VOLUME...]",
    header = "Back up volumes to a file or to repositories")
public final class BackupCommand implements Runnable {
  private static final int NOT_WHOLE = 3;

  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private SaveOptions how = new SaveOptions();
  @Mixin private KeepOptions keep = new KeepOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      converter = Converters.FileName.class,
      description = "Write an archive: .tar.zst, .tar.gz or .tar; - is standard output")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "REPO",
      description =
          "Add to a repository, several times for replicas: a directory, s3://BUCKET/PREFIX or"
              + " ssh://HOST/DIRECTORY (default $KEG_REPOSITORY)")
  private List<String> repositories = new ArrayList<>();

  @Option(
      names = {"-a", "--all"},
      description = "Back up all volumes")
  private boolean all;

  @Option(
      names = "--filter",
      paramLabel = "filter",
      converter = Converters.Filter.class,
      description = "Back up the volumes that match (e.g. \"label=<label>\")")
  private List<String> filters = new ArrayList<>();

  @Option(names = "--json", description = "Print an object for each volume")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only display what was made: ids, or the file")
  private boolean quiet;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    List<String> locations = locations(session);
    List<VolumeName> volumes = new ArrayList<>();
    List<VolumeException> problems = new ArrayList<>(choose(session, volumes));
    if (volumes.isEmpty() && problems.isEmpty()) {
      session.streams().err().println("Warning: no volume matches, and nothing is backed up");
      return;
    }
    if (output.isPresent() && volumes.size() + problems.size() != 1) {
      throw wrong("a file takes one volume; --to takes many");
    }
    SaveReport report = report(session);
    Saving saving = new Saving(session.backups(), how.request(session), report);
    SaveRun run = new SaveRun(session, saving, keep.policy(), shown(report));
    session.interruptibly(
        () -> {
          if (output.isEmpty()) {
            run.toRepositories(locations, volumes);
          } else if (!volumes.isEmpty()) {
            run.to(destination(session, output.get()), volumes.getFirst());
          }
        });
    problems.addAll(run.problems());
    PartialFailure.throwIfAny(problems);
    if (run.notWhole() > 0) {
      throw new CommandFailure(
          "Warning: not every file is in the backup as it was; the lines above name them",
          NOT_WHOLE);
    }
  }

  private List<String> locations(Session session) {
    if (output.isPresent()) {
      if (!repositories.isEmpty() || !keep.policy().isEmpty()) {
        throw wrong("conflicting options: --output, and --to or --keep");
      }
      how.conflictWith(output.get())
          .ifPresent(
              why -> {
                throw wrong(why);
              });
      return List.of();
    }
    if (repositories.isEmpty()) {
      return List.of(
          RepositoryOptions.usual(session)
              .orElseThrow(() -> RepositoryOptions.none("--to, or a file with --output,")));
    }
    return repositories.stream().distinct().toList();
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  /** The volumes that are meant, and what is wrong with some. */
  private List<VolumeException> choose(Session session, List<VolumeName> volumes) {
    boolean matching = all || !filters.isEmpty();
    if (matching == !names.isEmpty()) {
      throw wrong(
          matching
              ? "conflicting options: volumes, and --all or --filter"
              : "name a volume, or say --all");
    }
    List<VolumeException> problems = new ArrayList<>();
    if (matching) {
      Volumes known = session.volumes();
      Listing listing =
          known.list(VolumeFilter.forList(FilterArguments.parse(filters), known.filterContext()));
      listing.volumes().stream().map(Volume::name).forEach(volumes::add);
      problems.addAll(listing.problems());
    }
    for (String name : new LinkedHashSet<>(names)) {
      VolumeName.lookup(name)
          .ifPresentOrElse(volumes::add, () -> problems.add(new NotFound("backup", name)));
    }
    return problems;
  }

  private boolean toStandardOutput() {
    return output.filter("-"::equals).isPresent();
  }

  private SaveReport report(Session session) {
    Streams streams = session.streams();
    PrintStream results = toStandardOutput() ? streams.err() : streams.out();
    return new SaveReport(results, streams.err(), session.clock(), session.isWatched() && !json);
  }

  private Consumer<Saved> shown(SaveReport report) {
    return json ? report::json : quiet ? report::name : report::line;
  }

  private Destination destination(Session session, String file) {
    Compression compression = Compression.ofBackup(file, how.level());
    return file.equals("-")
        ? new StreamDestination(session.streams().out(), compression)
        : new FileDestination(
            session.files().getPath(file), compression, session.directorySync(), session.random());
  }
}
