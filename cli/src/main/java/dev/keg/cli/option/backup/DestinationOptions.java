package dev.keg.cli.option.backup;

import dev.keg.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where backups go: to repositories, or a single one to a file. */
public final class DestinationOptions {
  @Mixin private ArchiveOptions archive = new ArchiveOptions();

  @Option(
      names = "--to",
      paramLabel = "REPO",
      description =
          "Repository to write to; repeat it for replicas: a directory, s3://BUCKET/PREFIX or"
              + " ssh://HOST/DIRECTORY (default $KEG_REPOSITORY)")
  private List<String> repositories = new ArrayList<>();

  public ArchiveOptions archive() {
    return archive;
  }

  public Optional<String> file() {
    return archive.file();
  }

  /**
   * Why these options exclude each other or other options.
   *
   * @param encrypts whether there is an option for how to create a repository
   * @param rotates whether older backups are forgotten
   * @param named whether there is an option for the host
   */
  public Optional<String> conflict(
      boolean encrypts, boolean rotates, boolean named, SaveOptions how) {
    if (file().isPresent() && (!repositories.isEmpty() || rotates)) {
      return Optional.of("conflicting options: --output, and --to or --keep");
    }
    return archive
        .conflict()
        .or(() -> file().flatMap(how::conflictWith))
        .or(
            () ->
                file()
                    .filter(_ -> encrypts)
                    .map(_ -> "--encrypt and --no-encryption apply only to repositories"))
        .or(() -> file().filter(_ -> named).map(_ -> "--host requires a repository"));
  }

  /** The repositories, each once; none if the backup goes to a file. */
  public List<String> repositories(Session session) {
    if (file().isPresent()) {
      return List.of();
    }
    return repositories.isEmpty()
        ? List.of(
            RepositoryOptions.usual(session)
                .orElseThrow(() -> RepositoryOptions.none("--to, or a file with --output,")))
        : repositories.stream().distinct().toList();
  }
}
