package dev.keg.cli.option.backup;

import dev.keg.cli.session.Session;
import dev.keg.config.ConfigKey;
import dev.keg.error.InvalidInput.InvalidRepository;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The repository. */
public final class RepositoryOptions {
  /** The variable with the default repository. */
  static final String VARIABLE = "KEG_REPOSITORY";

  @Option(
      names = "--repo",
      paramLabel = "REPO",
      description =
          "A directory, s3://BUCKET/PREFIX or ssh://HOST/DIRECTORY (default"
              + " $KEG_REPOSITORY, or the only one that was backed up to)")
  private Optional<String> repo = Optional.empty();

  public boolean isGiven() {
    return repo.isPresent();
  }

  public String location(Session session) {
    return found(session).orElseThrow(() -> none("--repo"));
  }

  /** The same for a command that also works without a repository. */
  public Optional<String> found(Session session) {
    return repo.or(() -> meant(session));
  }

  /** The repository of a command that does not name one. */
  static Optional<String> meant(Session session) {
    return usual(session).or(() -> session.knownRepositories().only());
  }

  /** The repository that the operator configured for all commands. */
  public static Optional<String> usual(Session session) {
    return session.config().value(ConfigKey.REPOSITORY);
  }

  public static InvalidRepository none(String option) {
    return new InvalidRepository("none is given", "name one with " + option + " or " + VARIABLE);
  }
}
