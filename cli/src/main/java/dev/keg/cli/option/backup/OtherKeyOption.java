package dev.keg.cli.option.backup;

import dev.keg.backup.replica.Repositories;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.cli.session.Session;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The key of the second of two repositories. */
public final class OtherKeyOption {
  @Option(
      names = "--other-key-file",
      paramLabel = "file",
      description =
          "The key or pass phrase of the other repository is in this file (default: the same key)")
  private Optional<String> file = Optional.empty();

  public boolean given() {
    return file.isPresent();
  }

  /** Access to the other repository. */
  public Repositories repositories(Session session, Repositories own) {
    return file.map(session.repositoryAccess()::secret)
        .map(key -> own.keyed(KeySource.of(key)))
        .orElse(own);
  }
}
