package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.file.DirectorySync;
import dev.keg.file.WindowsNaming;
import dev.keg.file.WorkListener;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.mountspec.LocalHost;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.MountSpecs.SpecTexts;
import dev.keg.mountspec.PathStyle;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.tuning.FakeTuner;
import dev.keg.volume.PoolName;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A machine with a container's root directory at {@code /keg/r}, and Keg's commands on it. */
final class Machine {
  static final Instant NOW = Instant.parse("2026-11-20T10:00:55Z");
  static final ContainerId WEB = new ContainerId("web1");
  static final ContainerId OTHER = new ContainerId("web2");

  final FileSystem files;
  final FakeMountTable table;
  final FakePublisher publisher;
  final FakeMountingDriver mounting;
  final Path rootfs;
  final VolumeRegistry registry;
  final Attachments attachments;
  final Volumes volumes;
  final MountContext context;
  final VolumeSets sets;
  final DataAccess access;
  final FakeTuner tuner = new FakeTuner();
  final List<String> warnings = new ArrayList<>();

  /** A new machine. */
  Machine() throws IOException {
    this(FaultyFileSystem.forceable(FaultPoints.inMemory()));
  }

  /** A new machine with all its files below this directory. */
  Machine(Path directory) throws IOException {
    this(directory, new FakePublisher(new FakeMountTable(directory.getFileSystem()::getPath)));
    Files.createDirectories(rootfs);
    Files.createDirectories(directory.resolve("srv/source"));
  }

  /** Another process on a machine; its paths may belong to another view of the same files. */
  Machine(Path directory, FakePublisher kernel) {
    files = directory.getFileSystem();
    table = kernel.table().seenFrom(files::getPath);
    publisher = kernel.seenFrom(table);
    rootfs = directory.resolve("r");
    registry =
        new VolumeRegistry(
            new RegistryLayout(directory.resolve("lib")),
            new WindowsNaming(DirectorySync.FSYNC, true, false),
            new SplittableRandom(1),
            _ -> {},
            warnings::add,
            WorkListener.NONE);
    attachments = new Attachments(registry, () -> table);
    mounting = new FakeMountingDriver(table, publisher.faults());
    Drivers drivers =
        new Drivers(
            List.of(
                LocalDriver.directoriesOnly(), mounting.factory().unless(() -> mounting.obstacle)),
            new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    Services services = new Services(registry, attachments, drivers, clock, Secrets.NONE);
    volumes = new Volumes(services);
    context = new MountContext(services, () -> publisher, () -> tuner);
    sets = new VolumeSets(context, new VolumeResolver(volumes, new SplittableRandom(2)));
    access = new DataAccess(context, sets);
  }

  /** The values of {@code -v}, {@code --mount} and {@code --tmpfs}. */
  record Wanted(List<String> volumes, List<String> mounts, List<String> tmpfs) {
    static Wanted volumes(String... texts) {
      return new Wanted(List.of(texts), List.of(), List.of());
    }
  }

  SetUpRequest setUp(ContainerId container, boolean exclusive, Wanted wanted) {
    MountSpecs specs = new MountSpecs(PathStyle.LINUX, new LocalHost(files));
    return new SetUpRequest(
        container,
        rootfs,
        specs.all(new SpecTexts(wanted.volumes(), wanted.mounts(), wanted.tmpfs())),
        exclusive,
        false);
  }

  List<String> mount(ContainerId container, Wanted wanted) {
    return mount(container, false, wanted);
  }

  List<String> mount(ContainerId container, boolean exclusive, Wanted wanted) {
    return sets.setUp(setUp(container, exclusive, wanted)).stream().map(Path::toString).toList();
  }

  /** A mount of one volume on a directory of the host. */
  void mountByHand(String spec) {
    MountSpecs specs = new MountSpecs(PathStyle.LINUX, new LocalHost(files));
    sets.setUp(new SetUpRequest(null, null, List.of(specs.volume(spec)), false, false));
  }

  /** Makes a snapshot of a volume, which is created if it does not exist. */
  void keep(String volume, String snapshot) throws IOException {
    VolumeName name = new VolumeName(volume);
    Volume kept =
        registry.find(name).orElseGet(() -> volumes.create(VolumeRequest.named(name)).volume());
    VolumeHome staged = registry.stage(name, PoolName.DEFAULT);
    Files.createDirectory(staged.data());
    registry
        .snapshots()
        .publish(
            new Snapshot(
                kept, new SnapshotName(snapshot), NOW, Optional.empty(), false, true, false),
            staged);
  }

  List<String> holders(String volume) {
    return attachments.current(new VolumeName(volume)).stream().map(Attachment::holder).toList();
  }

  Path data(String volume) {
    return registry.layout().home(new VolumeName(volume)).data();
  }

  /** Every plan by its file's name. */
  List<String> plans() throws IOException {
    try (Stream<Path> plans = Files.list(registry.layout().containers())) {
      return plans.map(plan -> plan.getFileName().toString()).sorted().toList();
    }
  }

  /** The same if there may be no root yet. */
  List<String> plansOrNone() {
    try {
      return Files.exists(registry.layout().containers()) ? plans() : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Everything that mounting changes: the mount table, records, plans, and the container's
   * directory.
   */
  Map<String, Object> state() throws IOException {
    Map<String, Object> state = new TreeMap<>();
    state.put("published", publisher.standing());
    state.put("mounted", table.mounts().stream().map(m -> m.target().toString()).sorted().toList());
    state.put("plans", plans());
    try (Stream<Path> paths = Files.walk(rootfs)) {
      state.put("rootfs", paths.map(Path::toString).sorted().toList());
    }
    for (VolumeName name : registry.names()) {
      if (!name.text().matches("[0-9a-f]{64}")) {
        state.put("holders of " + name, attachments.recorded(name));
      }
    }
    return state;
  }
}
