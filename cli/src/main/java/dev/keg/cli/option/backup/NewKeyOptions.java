package dev.keg.cli.option.backup;

import dev.keg.backup.replica.RepositoryKeys;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.cli.session.Session;
import dev.keg.error.InvalidInput.InvalidRepository;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A new key for an encrypted repository. */
public final class NewKeyOptions {
  /** The options of this mixin. */
  public static final List<String> NAMES =
      List.of("--name", "--new-key-file", "--recipient", "--write-only");

  @Option(
      names = "--name",
      paramLabel = "name",
      description = "With key add, the name of the new key (default: a random one)")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--new-key-file",
      paramLabel = "file",
      description = "With key add and key rotate, the new key or pass phrase is in this file")
  private Optional<String> file = Optional.empty();

  @Option(
      names = "--recipient",
      paramLabel = "age1…",
      description = "With key add and key rotate, the new key is this public key")
  private Optional<String> recipient = Optional.empty();

  @Option(
      names = "--write-only",
      paramLabel = "file",
      description =
          "With key add, write to this file a key with which a host can back up, but neither read"
              + " nor forget")
  private Optional<String> writeOnly = Optional.empty();

  public boolean given() {
    return name.isPresent() || file.isPresent() || recipient.isPresent() || writeOnly.isPresent();
  }

  /** The file for a new key of a write-only host. */
  public Optional<String> writeOnly() {
    return writeOnly;
  }

  public Optional<String> name() {
    return name;
  }

  /** Why these options exclude each other, if they do. */
  public Optional<String> conflict() {
    if (writeOnly.isPresent() && (file.isPresent() || recipient.isPresent())) {
      return Optional.of(
          "conflicting options: --write-only and "
              + (file.isPresent() ? "--new-key-file" : "--recipient"));
    }
    return file.isPresent() && recipient.isPresent()
        ? Optional.of("conflicting options: --new-key-file and --recipient")
        : Optional.empty();
  }

  /** The new key; asks for one that is not given. The repository must be unlocked before. */
  public Secret secret(Session session, RepositoryKeys keys) {
    keys.unlock();
    return recipient
        .map(RepositoryKeys::recipient)
        .or(() -> file.map(session.repositoryAccess()::secret))
        .or(() -> session.repositoryAccess().keys().choose(keys.address(), true))
        .orElseThrow(
            () ->
                new InvalidRepository(
                    "no new key is given",
                    "give it with --new-key-file or --recipient, or type a pass phrase at a"
                        + " terminal"));
  }
}
