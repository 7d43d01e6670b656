package dev.keg.cli.session;

import dev.keg.backup.oci.RegistryEnvironment;
import dev.keg.backup.replica.RegistryStores;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.replica.RepositoryMemory;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.backup.store.s3.S3Environment;
import dev.keg.backup.store.ssh.SshEnvironment;
import dev.keg.config.ConfigKey;
import dev.keg.driver.Secrets;
import dev.keg.file.WorkListener;
import dev.keg.moving.Archives;
import dev.keg.moving.MoveTools;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.shared.SharedRegistry;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens the repositories of backups for a command, with stores and keys. */
public final class RepositoryAccess {
  private final Session session;
  private final Environment environment;
  private final Options options;
  private final Secrets passPhrases;
  private @Nullable Repositories repositories;
  private @Nullable RepositorySecrets secrets;

  /** The operator's options for all repositories of the command. */
  record Options(KeyOptions keys, StoreLimits limits) {}

  RepositoryAccess(Session session, Environment environment, Options options, Secrets passPhrases) {
    this.session = session;
    this.environment = environment;
    this.options = options;
    this.passPhrases = passPhrases;
  }

  Repositories repositories() {
    if (repositories == null) {
      repositories =
          new Repositories(
              new Repositories.Environment(
                  environment.files(),
                  environment.directorySync(),
                  environment.clock(),
                  environment.random(),
                  this::s3,
                  this::ssh,
                  secrets(),
                  new RepositoryMemory(session.registry(), session.debugging())));
    }
    return repositories;
  }

  /** The source of keys for repositories. */
  public KeySource keys() {
    return secrets();
  }

  /** The key or pass phrase in a file. */
  public Secret secret(String file) {
    return secrets().read(file);
  }

  private RepositorySecrets secrets() {
    if (secrets == null) {
      secrets =
          new RepositorySecrets(
              options.keys().with(environment.variables(), session.config()),
              environment.files(),
              session.programs(),
              passPhrases,
              session::warn);
    }
    return secrets;
  }

  private S3Environment s3() {
    NativeBinary.heedSignals();
    return new S3Environment(
        environment.variables(),
        environment.home(),
        session.programs(),
        environment.clock(),
        backoff(),
        options.limits(),
        session.debugging());
  }

  /** The environment of clients for registries of images. */
  public RegistryEnvironment images(boolean insecure) {
    NativeBinary.heedSignals();
    return new RegistryEnvironment(
        environment.variables(),
        environment.home(),
        session.programs(),
        backoff(),
        options.limits(),
        session::warn,
        session.debugging(),
        insecure,
        RegistryEnvironment.USUAL_IDLE,
        RegistryEnvironment.USUAL_CHUNK);
  }

  /**
   * The environment of moves.
   *
   * @param remote the command line of Keg on the other host
   */
  MoveTools moveTools(Optional<String> remote) {
    return new MoveTools(
        session.programs(),
        backoff(),
        MoveTools.PATIENCE,
        options.limits().upload(),
        remote,
        environment.hostName(),
        environment.streams().err());
  }

  /** The name of this host in backups and in shared registries. */
  String hostName() {
    return session.config().value(ConfigKey.HOST).orElseGet(environment::hostName);
  }

  /** The origin of backups made here. */
  Origin origin() {
    boolean chosen = session.config().value(ConfigKey.HOST).isPresent();
    return new Origin(hostName(), Version.read().number(), chosen);
  }

  /** Pools that are repositories. */
  Archives archives() {
    return new Archives(
        repositories(),
        session.knownRepositories(),
        session.origin(),
        Runtime.getRuntime().availableProcessors(),
        session.debugging());
  }

  /** The registry at the address, with a directory as this host's part. */
  public SharedRegistry sharedRegistry(String address, Path directory) {
    NativeBinary.heedSignals();
    RegistryStores stores =
        new RegistryStores(
            environment.files(), environment.variables(), this::s3, backoff(), session.debugging());
    return new SharedRegistry(
        stores.open(address),
        new RegistryLayout(directory),
        new SharedRegistry.Surroundings(
            hostName(),
            environment.directorySync(),
            environment.random(),
            Interruption::sleep,
            (volume, accepted) -> session.drivers().isAcceptable(volume, accepted),
            session::warn,
            session.debugging()));
  }

  /** Another root than the command's, as a root of its own. */
  public VolumeRegistry registry(Path root) {
    return registry(root, null);
  }

  /** Another root than the command's, as this host's part of a shared registry. */
  public VolumeRegistry registry(Path root, @Nullable SharedRegistry sharing) {
    return new VolumeRegistry(
        new RegistryLayout(root),
        environment.directorySync(),
        environment.random(),
        session.debugging(),
        session::warn,
        WorkListener.NONE,
        sharing);
  }

  private SshEnvironment ssh() {
    NativeBinary.heedSignals();
    return new SshEnvironment(
        session.programs(),
        environment.temporary(),
        backoff(),
        options.limits(),
        SshEnvironment.USUAL_IDLE,
        environment.random());
  }

  private Backoff backoff() {
    return new Backoff(environment.random(), environment.system()::pause, session.debugging());
  }
}
