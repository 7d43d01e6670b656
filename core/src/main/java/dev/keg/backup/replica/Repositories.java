package dev.keg.backup.replica;

import dev.keg.backup.replica.RepositoryLocation.Directory;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.s3.S3Environment;
import dev.keg.backup.store.ssh.SshEnvironment;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Opens repositories in directories, S3 buckets and on SSH servers. */
public final class Repositories {
  /** Files that belong neither to a new file system nor to a repository without a description. */
  private static final Predicate<String> OTHER_FILES =
      Pattern.compile("\\..*|lost\\+found|backups|checks|data|forgotten|keys|rests")
          .asMatchPredicate()
          .negate();

  private final Environment environment;
  private final RepositoryEncryption encryption;
  private final Creation creation;
  private final boolean isDirect;

  public Repositories(Environment environment) {
    this(
        environment,
        new RepositoryEncryption(environment.keys(), environment.random(), environment.memory()),
        Creation.UNSAID,
        false);
  }

  private Repositories(
      Environment environment,
      RepositoryEncryption encryption,
      Creation creation,
      boolean isDirect) {
    this.environment = environment;
    this.encryption = encryption;
    this.creation = creation;
    this.isDirect = isDirect;
  }

  /** An address, or a mistaken one, without any passwords and keys in it. */
  public static String masked(String address) {
    return RepositoryLocation.masked(address);
  }

  /** Refuses a text that is not the address of a repository. */
  public static void requireAddress(String text, FileSystem files) {
    var _ = RepositoryLocation.parse(text, files);
  }

  /** How to create a repository that does not exist yet. */
  public enum Creation {
    ENCRYPTED,
    /** Encrypted; an existing repository may be unencrypted. */
    ENCRYPTED_IF_NEW,
    PLAIN,
    /** Unencrypted in a directory; on another machine, a key or an explicit choice is required. */
    UNSAID
  }

  /** The same, with another way to create repositories. */
  public Repositories creating(Creation other) {
    return new Repositories(environment, encryption, other, isDirect);
  }

  /**
   * The same, which reads each record from its repository, even if this host has a copy: for
   * commands that say whether a repository is intact, or complete another one.
   */
  public Repositories direct() {
    return new Repositories(environment, encryption, creation, true);
  }

  /** The same, with other keys. */
  public Repositories keyed(KeySource keys) {
    return new Repositories(
        environment,
        new RepositoryEncryption(keys, environment.random(), environment.memory()),
        creation,
        isDirect);
  }

  /** The environment of repositories; remote stores are created on demand. */
  public record Environment(
      FileSystem files,
      DirectorySync sync,
      InstantSource clock,
      RandomGenerator random,
      Supplier<S3Environment> s3,
      Supplier<SshEnvironment> ssh,
      KeySource keys,
      RepositoryMemory memory) {}

  /** Opens an existing repository. */
  public Repository open(String location) {
    ObjectStore store = copied(location);
    boolean remote = isRemote(location);
    return kept(
        store,
        () ->
            Repository.open(
                    StoreFailures.translate(() -> encryption.open(store, remote)),
                    environment.clock(),
                    environment.random())
                .watchedBy(environment.memory().witness(store.address())));
  }

  /** Opens a repository and accepts its current state, whatever this root saw before. */
  public Repository accept(String location) {
    ObjectStore store = store(location);
    return kept(
        store,
        () -> {
          Repository opened =
              Repository.open(
                  StoreFailures.translate(() -> encryption.openAnyway(store)),
                  environment.clock(),
                  environment.random());
          encryption.accept(store);
          return opened.watchedBy(environment.memory().witness(store.address()));
        });
  }

  /** Opens the keys of an encrypted repository with the given one. */
  public RepositoryKeys keys(String location) {
    ObjectStore store = store(location);
    return kept(store, () -> RepositoryKeys.open(store, encryption));
  }

  /** Opens a repository, and creates it first if there is none, but not among unrelated files. */
  public Repository openOrCreate(String location) {
    return openOrCreate(location, false);
  }

  /** The same for backups, for which a write-only key suffices. */
  public Repository openOrCreateToWrite(String location) {
    return openOrCreate(location, true);
  }

  private Repository openOrCreate(String location, boolean toWrite) {
    requireNoOthers(location);
    ObjectStore store = copied(location);
    return kept(store, () -> openOrCreate(store, isRemote(location), toWrite));
  }

  private Repository openOrCreate(ObjectStore store, boolean remote, boolean toWrite) {
    ObjectStore opened =
        StoreFailures.translate(() -> encryption.openOrMake(store, creation, remote, toWrite));
    if (opened.isWriteOnly()) {
      byte[] description = encryption.description(store).orElseThrow();
      return Repository.described(opened, environment.clock(), environment.random(), description);
    }
    return encryption
        .settled(
            store, () -> Repository.openOrCreate(opened, environment.clock(), environment.random()))
        .watchedBy(environment.memory().witness(store.address()));
  }

  private boolean isRemote(String location) {
    return !(RepositoryLocation.parse(location, environment.files()) instanceof Directory);
  }

  /**
   * The directory in which {@link #openOrCreate} would create a repository; empty if it already is
   * one.
   */
  public Optional<Path> unused(String location) {
    return RepositoryLocation.parse(location, environment.files()) instanceof Directory(var path)
            && Files.isDirectory(path)
            && !Files.exists(path.resolve(Repository.DESCRIPTION))
            && !Files.exists(path.resolve(Repository.UPGRADE))
        ? Optional.of(path)
        : Optional.empty();
  }

  /** Checks twice, because another process may create a repository between the checks. */
  private void requireNoOthers(String location) {
    unused(location)
        .filter(Repositories::hasOthers)
        .flatMap(_ -> unused(location))
        .ifPresent(
            directory -> {
              throw new InvalidRepository(
                  "'%s' has other files in it and is not a repository".formatted(directory),
                  "create a directory for it: mkdir %s".formatted(directory.resolve("repository")));
            });
  }

  private static boolean hasOthers(Path directory) {
    return FileFailures.translate(
        "read",
        directory,
        () -> {
          try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::getFileName).map(Path::toString).anyMatch(OTHER_FILES);
          }
        });
  }

  private static <T> T kept(ObjectStore store, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** With this host's copies of the records, if it is on another machine. */
  private ObjectStore copied(String location) {
    ObjectStore store = store(location);
    return isDirect || !isRemote(location) ? store : environment.memory().copied(store);
  }

  private ObjectStore store(String location) {
    RepositoryLocation parsed = RepositoryLocation.parse(location, environment.files());
    return StoreFailures.translate(() -> parsed.open(environment));
  }
}
