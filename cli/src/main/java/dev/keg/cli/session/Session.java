package dev.keg.cli.session;

import dev.keg.activity.Activities;
import dev.keg.adoption.Adoptions;
import dev.keg.attachment.Attachments;
import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.save.BackupContext;
import dev.keg.cli.program.LocalTools;
import dev.keg.cloning.Cloning;
import dev.keg.config.Config;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.file.DirectorySync;
import dev.keg.file.WorkListener;
import dev.keg.health.Health;
import dev.keg.lifecycle.PluginVolumes;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.SimilarVolumes;
import dev.keg.lifecycle.Sizes;
import dev.keg.lifecycle.Usages;
import dev.keg.lifecycle.Volumes;
import dev.keg.machine.Machines;
import dev.keg.moving.Moving;
import dev.keg.moving.Relocating;
import dev.keg.platform.Platform;
import dev.keg.policy.Policies;
import dev.keg.program.Programs;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.shared.SharedRegistry;
import dev.keg.snapshot.Snapshotting;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.tuning.Tunings;
import dev.keg.usage.SeenTrees;
import dev.keg.volumeset.DataAccess;
import dev.keg.volumeset.EngineAccess;
import dev.keg.volumeset.MountContext;
import dev.keg.volumeset.Views;
import dev.keg.volumeset.VolumeResolver;
import dev.keg.volumeset.VolumeSets;
import dev.keg.warming.Warming;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The environment of a command, and the use cases of core. Everything is created on first use. */
public final class Session {
  private final Environment environment;
  private final ChosenRoot root;
  private final SharedParts parts;
  private final Config config;
  private final Consumer<String> debug;
  private final Secrets secrets;
  private final RepositoryAccess.Options access;
  private final ProgressStyle progress;
  private @Nullable RepositoryAccess repositoryAccess;
  private @Nullable SharedRegistry sharedRegistry;

  Session(
      Environment environment,
      ChosenRoot.Options root,
      boolean debug,
      RepositoryAccess.Options access,
      ProgressStyle progress) {
    this.environment = environment;
    this.progress = progress;
    this.secrets = new PassPhrases(access.keys().descriptor(), environment);
    this.access = access;
    this.config =
        new Config(
            environment.variables(),
            environment.userConfig(),
            // The command's registry may be shared, and then needs the host's name from this file.
            () -> repositoryAccess().registry(root().path()).ownFile(RegistryLayout::config));
    this.debug = environment.debugging(debug);
    this.root = new ChosenRoot(root, environment, config);
    this.parts =
        new SharedParts(
            environment, this.root, this::sharedRegistry, secrets, this.debug, this::warn);
  }

  /** Sets the listener for the long work of drivers and removals from now on. */
  public void reportWorkTo(WorkListener next) {
    parts.work().set(next);
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
    return clock().getZone();
  }

  /** Reports a problem that does not stop the command. */
  public void warn(String message) {
    environment.streams().err().println("Warning: " + message);
  }

  /** Warns about a chosen root that does not exist, since a list would just be empty. */
  public void warnOfMissingRoot() {
    root.missing().ifPresent(missing -> warn(String.valueOf(missing.getMessage())));
  }

  /** The defaults of options. */
  public Config config() {
    return config;
  }

  public ChosenRoot root() {
    return root;
  }

  /** The shared registry, if one was chosen. */
  public Optional<SharedRegistry> sharedRegistry() {
    if (sharedRegistry == null && root.shared().isPresent()) {
      sharedRegistry = repositoryAccess().sharedRegistry(root.shared().get(), root.path());
    }
    return Optional.ofNullable(sharedRegistry);
  }

  private Services services() {
    return parts.services();
  }

  public Volumes volumes() {
    return parts.volumes();
  }

  public PluginVolumes pluginVolumes() {
    return new PluginVolumes(services());
  }

  public Usages usages() {
    return new Usages(
        services(),
        volumes(),
        environment::scans,
        environment.memory("usage", root.path()).map(SeenTrees::new));
  }

  public Health health() {
    return new Health(
        mounts(),
        volumeSets(),
        new Health.Machine(
            environment.scans(),
            platform().devices(),
            platform().deviceLog(variables()),
            backups().stopNotes(programs())),
        sharedRegistry());
  }

  public SimilarVolumes similarVolumes() {
    return new SimilarVolumes(services());
  }

  public Adoptions adoptions() {
    return new Adoptions(services());
  }

  public Cloning cloning(TreeListener listener) {
    return new Cloning(services(), trees(), listener);
  }

  /**
   * Moves volumes to other hosts.
   *
   * @param remote the command line of Keg there
   */
  public Moving moving(Optional<String> remote, TreeListener listener) {
    NativeBinary.heedSignals();
    return new Moving(backups(), repositoryAccess().moveTools(remote), listener);
  }

  /** Moves volumes to other pools. */
  public Relocating relocating(TreeListener listener) {
    return new Relocating(
        backups(),
        repositoryAccess().moveTools(Optional.empty()),
        repositoryAccess().archives(),
        listener);
  }

  public Snapshotting snapshots() {
    return new Snapshotting(services(), trees(), parts.work());
  }

  public Sizes sizes() {
    return new Sizes(services());
  }

  public Machines machines() {
    return new Machines(services());
  }

  public Platform platform() {
    return environment.platform();
  }

  public VolumeRegistry registry() {
    return parts.registry();
  }

  public Attachments attachments() {
    return parts.attachments();
  }

  public Drivers drivers() {
    return parts.drivers();
  }

  public MountContext mounts() {
    return parts.mounts();
  }

  /** The settings below volumes. */
  public Tunings tunings() {
    return new Tunings(services(), parts.tuner());
  }

  public Warming warming() {
    return new Warming(volumes(), views(), trees(), clock());
  }

  /** Makes volumes visible to a command. */
  public Views views() {
    return new Views(mounts());
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

  /** Finds the volumes of specs, and creates missing ones. */
  public VolumeResolver volumeResolver() {
    return new VolumeResolver(volumes(), random());
  }

  /** The grammars of mounts and parts of documents, here and for a Windows host. */
  public Grammars grammars() {
    return new Grammars(this::mounts, environment);
  }

  /** The dependencies of saving and restoring. */
  public BackupContext backups() {
    return new BackupContext(
        services(), volumes(), views(), trees(), environment.directorySync(), random());
  }

  public Activities activities() {
    return new Activities(registry(), volumes(), platform().devices(), clock());
  }

  /** Access to repositories, with their keys. */
  public RepositoryAccess repositoryAccess() {
    if (repositoryAccess == null) {
      repositoryAccess = new RepositoryAccess(this, environment, access, secrets);
    }
    return repositoryAccess;
  }

  public Repositories repositories() {
    return repositoryAccess().repositories();
  }

  /** The policies of this root. */
  public Policies policies() {
    return Policies.read(registry().ownFile(RegistryLayout::policy));
  }

  public KnownRepositories knownRepositories() {
    return new KnownRepositories(registry());
  }

  /** The operator's programs. */
  public Programs programs() {
    return new LocalTools(variables(), debug);
  }

  /** The origin of backups made here. */
  public Origin origin() {
    return repositoryAccess().origin();
  }

  /** The directory for temporary files. */
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

  public ProgressStyle progress() {
    return progress;
  }

  /** The arguments of the parent process. */
  public List<String> callersArguments() {
    return environment.system().callersArguments();
  }

  public Terminal terminal() {
    return new Terminal(environment);
  }

  public FileSystem files() {
    return environment.files();
  }

  public Map<String, String> variables() {
    return environment.variables();
  }
}
