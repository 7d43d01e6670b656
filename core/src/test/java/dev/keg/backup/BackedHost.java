package dev.keg.backup;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.backup.archive.Exclusions;
import dev.keg.backup.extract.Selection;
import dev.keg.backup.replica.RepositoryDestination;
import dev.keg.backup.replica.WrittenBackups;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.MachineCopies;
import dev.keg.backup.save.SaveListener;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.backup.save.UserCommands;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreFailures;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDiskDriver;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.file.DirectorySync;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.machine.RunningMachine;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.tree.LosingTrees;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.tuning.Tuner;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.MountContext;
import dev.keg.volumeset.Views;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A host in memory with volumes, two repositories, and a clock that a test advances. */
public final class BackedHost {
  public static final VolumeName DB = new VolumeName("db");

  /** Far ahead of the files' times, so that unchanged files are recognised as such. */
  private static final class TestClock extends Clock {
    private Instant now = Instant.parse("2040-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      now = now.plusSeconds(1);
      return now;
    }
  }

  public final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setAttributeViews("basic", "owner", "posix", "unix", "user")
              .build());
  public String hostName = "h";

  /** Whether the operator chose that name. */
  public boolean nameChosen;

  /** The minimum size of the objects of a first backup. */
  public Size segment = new Size(1 << 30);

  public final TestClock clock = new TestClock();
  public final FakeMountTable mounts = new FakeMountTable(files::getPath);
  public final MemoryStore store = new MemoryStore(clock);
  public final MemoryStore otherStore = new MemoryStore(clock);
  public final Repository repository = open(store);
  public final Repository other = open(otherStore);
  public final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  public final FakeHoldingDriver holding = new FakeHoldingDriver();
  public final FakeDiskDriver disks = new FakeDiskDriver();
  public final VolumeRegistry registry =
      new VolumeRegistry(
          new RegistryLayout(files.getPath("/keg")),
          DirectorySync.NONE,
          new SplittableRandom(1),
          _ -> {});
  public final Attachments attachments = new Attachments(registry, () -> mounts);
  private final Drivers drivers =
      new Drivers(
          List.of(LocalDriver.directoriesOnly(), holding.factory(), disks.factory()),
          new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
  private final Services services =
      new Services(registry, attachments, drivers, clock, Secrets.NONE);
  public final Volumes volumes = new Volumes(services);
  public final MountContext mounting =
      new MountContext(
          services,
          () -> {
            throw new AssertionError("nothing is published");
          },
          () -> Tuner.none("this test"));
  public final BackupContext context =
      new BackupContext(
          services,
          volumes,
          new Views(mounting),
          new PortableFileTrees(),
          DirectorySync.NONE,
          new SplittableRandom(3));

  /** The context with trees that cannot keep everything of this file. */
  public BackupContext losing(String file) {
    return new BackupContext(
        context.services(),
        context.volumes(),
        context.views(),
        new LosingTrees(context.trees(), TreePath.parse(file)),
        context.sync(),
        context.random());
  }

  private Repository open(MemoryStore where) {
    return Repository.openOrCreate(where, clock, new SplittableRandom(2));
  }

  /** A repository created by another host. */
  public Repository stranger() {
    return Repository.openOrCreate(new MemoryStore(clock), clock, new SplittableRandom(99));
  }

  /** A repository without its description file. */
  public Repository withoutDescription() {
    save(create("db"));
    StoreFailures.run(() -> store.delete(new ObjectName(Repository.DESCRIPTION)));
    return Repository.open(store, clock, new SplittableRandom(1));
  }

  /** The clock's time; reading it does not advance it. */
  public Instant now() {
    return clock.now;
  }

  public void advance(Duration time) {
    clock.now = clock.now.plus(time);
  }

  public VolumeName create(String name) {
    return volumes.create(VolumeRequest.named(new VolumeName(name))).volume().name();
  }

  public Path data(VolumeName name) {
    return registry.layout().home(name).data();
  }

  public Path write(VolumeName name, String file, String content) {
    Path path = data(name).resolve(file);
    try {
      Files.createDirectories(path.getParent());
      return Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file of a volume, as {@code path=content}. */
  public List<String> content(VolumeName name) {
    Path root = data(name);
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(file -> root.relativize(file) + "=" + read(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.size(file) > 100 ? Files.size(file) + " bytes" : Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request to save a volume, with commands that exit with these statuses. */
  public SaveRequest request(FakePrograms programs, boolean freeze) {
    return new SaveRequest(
        false,
        OptionalInt.empty(),
        Exclusions.of(List.of("*.tmp")),
        Optional.of(
            new UserCommands(
                Optional.of("before"),
                Optional.of("after"),
                Optional.empty(),
                programs,
                OutputStream.nullOutputStream())),
        freeze ? Optional.of(Duration.ofMinutes(1)) : Optional.empty(),
        Set.of("nightly"),
        2);
  }

  /** A request that freezes the data for at most this time. */
  public SaveRequest frozen(Duration limit) {
    SaveRequest plain = SaveRequest.plain(1);
    return new SaveRequest(
        true, plain.level(), plain.excluded(), Optional.empty(), Optional.of(limit), Set.of(), 1);
  }

  public static FakePrograms programs(Predicate<String> succeeds) {
    return new FakePrograms(
        command ->
            new FakePrograms.Result(
                succeeds.test(command.getLast().lines().toList().getLast()) ? 0 : 4, "", ""));
  }

  public Saved save(VolumeName name, Repository... to) {
    // One day between two backups.
    advance(Duration.ofDays(1));
    return save(name, request(programs(_ -> true), false), to);
  }

  /** What this host remembers of the backups that it made. */
  public WrittenBackups written() {
    return new WrittenBackups(registry, notes::add);
  }

  public SaveListener saveListener() {
    return new SaveListener() {
      @Override
      public TreeListener begin(VolumeName volume, Supplier<Size> expected) {
        holding.onRead.run();
        return TreeListener.NONE;
      }

      @Override
      public void warn(VolumeName volume, String text) {
        notes.add("warning " + volume + ": " + text);
      }

      @Override
      public void end(VolumeName volume) {
        notes.add("read " + volume);
      }
    };
  }

  public Saved save(VolumeName name, SaveRequest how, Repository... to) {
    return save(name, how, Optional.empty(), to);
  }

  /** With copies of a running machine's disks. */
  public Saved save(
      VolumeName name, SaveRequest how, Optional<RunningMachine> machine, Repository... to) {
    Destination destination =
        new RepositoryDestination(
            to.length == 0 ? List.of(repository) : List.of(to),
            new Origin(hostName, "1", nameChosen),
            written(),
            _ -> {},
            segment);
    try (MachineCopies copies = new MachineCopies(context, machine, saveListener())) {
      Saving saving = new Saving(context, how, saveListener(), copies);
      saving.prepare(List.of(name), destination);
      return saving.save(name, destination);
    }
  }

  /** Gives the first repository format 1. */
  public Repository asInFirstRelease() throws IOException {
    store.delete(new ObjectName(Repository.DESCRIPTION));
    byte[] old =
        "{\"schema\":1,\"created\":\"2026-11-20T10:58:01Z\",\"id\":\"8a5c3f0e\"}\n"
            .getBytes(StandardCharsets.UTF_8);
    try (PendingObject object =
        store.create(new ObjectName(Repository.DESCRIPTION), new Size(old.length))) {
      object.write(old);
      object.publish();
    }
    return reopened();
  }

  /** The first repository as a later process sees it. */
  public Repository reopened() {
    return open(store);
  }

  public Check verify(Repository where, Backup backup) {
    return new Verifying(Level.FULL, files.getPath("/scratch"), new PortableFileTrees(), 1, clock)
        .check(where, backup);
  }

  public BackupRecord last(Repository where) {
    return where.list().backups().getLast().record();
  }

  public RestoreRequest restoreRequest(VolumeName name, RestoreRequest.Mode mode, String... paths) {
    return new RestoreRequest(
        name,
        paths.length == 0
            ? Optional.empty()
            : Optional.of(new Selection(Stream.of(paths).map(TreePath::parse).toList())),
        mode,
        true,
        false,
        false,
        false,
        2);
  }

  public void restore(RestoreRequest request) {
    try (RestoreSource source = RestoreSource.of(repository, last(repository), true)) {
      new Restoring(context).restore(source, request, listener());
    }
  }

  public TreeListener listener() {
    return (path, note, _) -> notes.add(note + " " + path);
  }
}
