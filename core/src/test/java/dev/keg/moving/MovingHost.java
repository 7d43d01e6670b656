package dev.keg.moving;

import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.backup.FakeHoldingDriver;
import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.replica.RepositoryMemory;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDiskDriver;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.file.Throttle;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.tuning.Tuner;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.MountContext;
import dev.keg.volumeset.Views;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A root as one process of a host sees it. */
final class MovingHost {
  static final VolumeName DB = new VolumeName("db");

  /** The unit of comparison, which is not sent if it is the same. */
  static final int BLOCK = 128 << 10;

  static final MoveDestination THERE = MoveDestination.parse("ssh://there");

  /** Far ahead of the files' times, so that unchanged files are recognised as such. */
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2040-01-01T00:00:00Z"), ZoneOffset.UTC);

  final Path root;
  final FakeHoldingDriver holding = new FakeHoldingDriver();
  final FakeDiskDriver disks = new FakeDiskDriver();
  final VolumeRegistry registry;
  final Attachments attachments;
  final Volumes volumes;
  final BackupContext context;

  MovingHost(Path root) {
    this.root = root;
    FakeMountTable mounts = new FakeMountTable(root.getFileSystem()::getPath);
    registry =
        new VolumeRegistry(
            new RegistryLayout(root), DirectorySync.FSYNC, RandomGenerator.getDefault(), _ -> {});
    attachments = new Attachments(registry, () -> mounts);
    Drivers drivers =
        new Drivers(
            List.of(LocalDriver.directoriesOnly(), holding.factory(), disks.factory()),
            new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
    Services services = new Services(registry, attachments, drivers, CLOCK, Secrets.NONE);
    volumes = new Volumes(services);
    MountContext mounting =
        new MountContext(
            services,
            () -> {
              throw new AssertionError("nothing is published");
            },
            () -> Tuner.none("this test"));
    context =
        new BackupContext(
            services,
            volumes,
            new Views(mounting),
            new PortableFileTrees(),
            DirectorySync.FSYNC,
            RandomGenerator.getDefault());
  }

  /** With a volume that has files. */
  void fill() {
    volumes.create(VolumeRequest.named(DB));
    write("a", "1");
    write("dir/b", "2");
    write("dir/large", "x".repeat(3 * BLOCK));
  }

  Path data() {
    return registry.layout().home(DB).data();
  }

  void write(String file, String content) {
    Path path = data().resolve(file);
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file of a volume, as {@code path=content}; empty without the volume. */
  List<String> content(VolumeName name) {
    Path data = registry.layout().home(name).data();
    if (!Files.exists(data)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(Files::isRegularFile)
          .map(file -> data.relativize(file) + "=" + read(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> content() {
    return content(DB);
  }

  private static String read(Path file) {
    try {
      String text = Files.readString(file);
      return text.length() > 100 ? text.length() + " of " + text.charAt(0) : text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a consumer may use the volume here. */
  boolean has(VolumeName name) {
    if (!volumes.exists(name.text())) {
      return false;
    }
    try {
      RestoreJournal.requireWhole("mount", name, registry.layout().home(name));
      return true;
    } catch (VolumeException _) {
      return false;
    }
  }

  /** Moves volumes from here to the destination of that ssh. */
  Moving moving(LinkedHosts ssh) {
    return moving(ssh, Optional.empty());
  }

  /**
   * @param remote the command that starts Keg there, if the operator sets it
   */
  Moving moving(LinkedHosts ssh, Optional<String> remote) {
    return new Moving(context, tools(ssh, remote), TreeListener.NONE);
  }

  /** Moves volumes to another pool. */
  Relocating relocating() {
    return relocating(TreeListener.NONE);
  }

  Relocating relocating(TreeListener listener) {
    MoveTools tools = tools(new LinkedHosts(() -> this), Optional.empty());
    return new Relocating(context, tools, archives(), listener);
  }

  /** A pool with the data of its volumes in that directory. */
  void addArchive(PoolName pool, Path directory) {
    String location = directory.toString();
    Archives archives = archives();
    try (Repository made = archives.repositories().openOrCreate(location)) {
      archives.known().trust(location, made);
    }
    registry.pools().addArchive(pool, location);
  }

  private Archives archives() {
    Repositories repositories =
        new Repositories(
            new Repositories.Environment(
                root.getFileSystem(),
                DirectorySync.NONE,
                CLOCK,
                RandomGenerator.getDefault(),
                () -> {
                  throw new AssertionError("S3");
                },
                () -> {
                  throw new AssertionError("ssh");
                },
                KeySource.NONE,
                new RepositoryMemory(registry, _ -> {})));
    return new Archives(
        repositories, new KnownRepositories(registry), new Origin("here", "1"), 1, _ -> {});
  }

  private static MoveTools tools(LinkedHosts ssh, Optional<String> remote) {
    Backoff impatient = new Backoff(new SplittableRandom(1), ssh::pause, _ -> {});
    return new MoveTools(
        ssh,
        impatient,
        ssh.patience(),
        Throttle.NONE,
        remote,
        "here",
        OutputStream.nullOutputStream());
  }
}
