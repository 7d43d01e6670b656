package dev.keg.cli.session;

import dev.keg.activity.Activities;
import dev.keg.adoption.Adoptions;
import dev.keg.attachment.Attachments;
import dev.keg.backup.oci.RegistryEnvironment;
import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.store.Programs;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.cli.program.LocalTools;
import dev.keg.cloning.Cloning;
import dev.keg.config.Config;
import dev.keg.config.ConfigKey;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.error.InvalidInput.InvalidMachine;
import dev.keg.file.DirectorySync;
import dev.keg.health.Health;
import dev.keg.lifecycle.Likeness;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Sizes;
import dev.keg.lifecycle.Usages;
import dev.keg.lifecycle.Volumes;
import dev.keg.machine.Machines;
import dev.keg.machine.RunningMachine;
import dev.keg.platform.SystemInfo;
import dev.keg.policy.Policies;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.snapshot.Snapshotting;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.volumeset.DataAccess;
import dev.keg.volumeset.EngineAccess;
import dev.keg.volumeset.MountContext;
import dev.keg.volumeset.Views;
import dev.keg.volumeset.VolumeResolver;
import dev.keg.volumeset.VolumeSets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Puts core together for one command. Nothing is made before it is asked for. */
public final class Session {
  private final Environment environment;
  private final Optional<String> givenRoot;
  private final Config config;
  private final Consumer<String> debug;
  private final Secrets secrets;
  private final KeyOptions keys;
  private final ProgressStyle progress;
  private @Nullable Path root;
  private @Nullable VolumeRegistry registry;
  private @Nullable Attachments attachments;
  private @Nullable Drivers drivers;
  private @Nullable Services services;
  private @Nullable Volumes volumes;
  private @Nullable MountContext mounts;
  private @Nullable RepositoryAccess repositoryAccess;

  Session(
      Environment environment,
      Optional<String> root,
      boolean debug,
      KeyOptions keys,
      ProgressStyle progress) {
    this.environment = environment;
    this.progress = progress;
    this.secrets = new PassPhrases(keys.descriptor(), environment);
    this.keys = keys;
    this.config =
        new Config(
            environment.variables(), environment.userConfig(), () -> registry().layout().config());
    this.givenRoot = root;
    this.debug =
        debug || environment.debug()
            ? line -> environment.streams().err().println("debug: " + line)
            : _ -> {};
  }

  public Streams streams() {
    return environment.streams();
  }

  public RandomGenerator random() {
    return environment.random();
  }

  public Clock clock() {
    return environment.clock();
  }

  public ZoneId zone() {
    return environment.clock().getZone();
  }

  /** Tells of something that does not stop the command. */
  public void warn(String message) {
    environment.streams().err().println("Warning: " + message);
  }

  /** Warns of a root that was asked for and is not there, where a list would just be empty. */
  public void warnOfMissingRoot() {
    if (isRootGiven() && !Files.exists(root())) {
      warn("there is no registry at " + root());
    }
  }

  /** What holds where no flag says otherwise. */
  public Config config() {
    return config;
  }

  /** Whether a flag chose the root. */
  public boolean isRootGiven() {
    return givenRoot.isPresent();
  }

  // Looked up late: a mistake in a file of the configuration is none of help's.
  private Path root() {
    if (root == null) {
      root =
          givenRoot
              .or(() -> config.value(ConfigKey.ROOT))
              .map(text -> environment.files().getPath(text))
              .orElseGet(environment::defaultRoot)
              .toAbsolutePath()
              .normalize();
    }
    return root;
  }

  /** What every use case works with. */
  public Services services() {
    if (services == null) {
      services = new Services(registry(), attachments(), drivers(), clock(), secrets);
    }
    return services;
  }

  public Volumes volumes() {
    if (volumes == null) {
      volumes = new Volumes(services());
    }
    return volumes;
  }

  public Usages usages() {
    return new Usages(services(), volumes(), environment.scans());
  }

  public Health health() {
    return new Health(
        mounts(),
        volumeSets(),
        new Health.Machine(
            environment.scans(),
            environment.platform().devices(),
            environment.platform().deviceLog(variables())));
  }

  public Likeness likeness() {
    return new Likeness(services());
  }

  public Adoptions adoptions() {
    return new Adoptions(services());
  }

  public Cloning cloning(TreeListener listener) {
    return new Cloning(services(), trees(), listener);
  }

  public Snapshotting snapshots() {
    return new Snapshotting(services(), trees());
  }

  public Sizes sizes() {
    return new Sizes(services());
  }

  public Machines machines() {
    return new Machines(services());
  }

  /** A running machine of a kind that this operating system knows. */
  public RunningMachine runningMachine(String kind, String id) {
    return environment
        .platform()
        .machine(kind, id)
        .orElseThrow(
            () -> new InvalidMachine("--" + kind + " is not available here: it needs Windows"));
  }

  public SystemInfo systemInfo() {
    return environment.platform().info(variables());
  }

  public VolumeRegistry registry() {
    if (registry == null) {
      registry =
          new VolumeRegistry(
              new RegistryLayout(root()), environment.directorySync(), random(), debug, this::warn);
    }
    return registry;
  }

  public Attachments attachments() {
    if (attachments == null) {
      attachments = new Attachments(registry(), () -> environment.platform().mountTable());
    }
    return attachments;
  }

  public Drivers drivers() {
    if (drivers == null) {
      drivers = new Drivers(environment.system().platforms().drivers(), driverContext());
    }
    return drivers;
  }

  private DriverContext driverContext() {
    return new DriverContext(
        new RegistryHomes(registry(), this::volumes), environment.variables(), debug);
  }

  /** What mounting works with. */
  public MountContext mounts() {
    if (mounts == null) {
      mounts =
          new MountContext(services(), () -> environment.platform().publisher(driverContext()));
    }
    return mounts;
  }

  public VolumeSets volumeSets() {
    return new VolumeSets(mounts(), volumeResolver());
  }

  public DataAccess dataAccess() {
    return new DataAccess(mounts(), volumeSets());
  }

  public EngineAccess engineAccess() {
    return new EngineAccess(mounts(), dataAccess());
  }

  /** Finds the volumes that specs name, and makes those that are missing. */
  public VolumeResolver volumeResolver() {
    return new VolumeResolver(volumes(), random());
  }

  /** What mounts and documents are written in, here and for a Windows host. */
  public Grammars grammars() {
    return new Grammars(this::mounts, environment);
  }

  /** What saving and restoring work with. */
  public BackupContext backups() {
    return new BackupContext(
        services(), volumes(), new Views(mounts()), trees(), environment.directorySync(), random());
  }

  public Activities activities() {
    return new Activities(registry(), volumes(), environment.platform().devices(), clock());
  }

  /** Where backups lie, and what opens them. */
  private RepositoryAccess repositoryAccess() {
    if (repositoryAccess == null) {
      repositoryAccess = new RepositoryAccess(this, environment, keys, secrets);
    }
    return repositoryAccess;
  }

  /** What speaks with registries of images. */
  public RegistryEnvironment imageRegistries(boolean insecure) {
    return repositoryAccess().images(insecure);
  }

  public Repositories repositories() {
    return repositoryAccess().repositories();
  }

  /** Where the keys of repositories come from. */
  public KeySource keys() {
    return repositoryAccess().secrets();
  }

  /** The key or pass phrase in a file. */
  public Secret secret(String file) {
    return repositoryAccess().secrets().read(file);
  }

  /** What is to happen to volumes by itself. */
  public Policies policies() {
    return Policies.read(registry().layout().policy());
  }

  public KnownRepositories knownRepositories() {
    return new KnownRepositories(registry());
  }

  /** The operator's programs. */
  public Programs programs() {
    return new LocalTools(variables(), debug);
  }

  /** Where backups made here come from. */
  public Origin origin() {
    String host = config.value(ConfigKey.HOST).orElseGet(environment::hostName);
    return new Origin(host, Version.read().number());
  }

  /** Where files may lie for a while. */
  public Path temporary() {
    return environment.temporary();
  }

  public FileTrees trees() {
    return environment.trees();
  }

  public DirectorySync directorySync() {
    return environment.directorySync();
  }

  public Consumer<String> debugging() {
    return debug;
  }

  /** Does long work that puts things right when it is stopped. */
  public void interruptibly(Runnable work) {
    Interruption.run(work);
  }

  /** Lets a connection that is closed in the middle be a failure to tell of. */
  public void surviveConnections() {
    NativeBinary.heedSignals();
  }

  public ProgressStyle progress() {
    return progress;
  }

  /** Waits; an interruption ends it early and stays known. */
  public void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether somebody may type at standard input. */
  public boolean readsFromTerminal() {
    return environment.isTerminal(0);
  }

  /** Whether somebody watches standard error. */
  public boolean isWatched() {
    return environment.isTerminal(2);
  }

  /** Whether results go to a terminal. */
  public boolean printsToTerminal() {
    return environment.isTerminal(1);
  }

  public FileSystem files() {
    return environment.files();
  }

  public Map<String, String> variables() {
    return environment.variables();
  }
}
