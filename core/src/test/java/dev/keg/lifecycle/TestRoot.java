package dev.keg.lifecycle;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.WorkListener;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.Sharing;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.pool.Places;
import dev.keg.registry.pool.Pool;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A root for tests, with the local driver and those of the test. */
final class TestRoot {
  static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  static final VolumeName DB = new VolumeName("db");
  static final PoolName COLD = new PoolName("cold");
  static final String REPOSITORY = "/srv/backups";

  final RegistryLayout layout;
  final FakeMountTable mounts;
  final List<String> warnings = new ArrayList<>();

  /** The time of processes that are opened from now on. */
  Instant now = NOW;

  private final RandomGenerator random = new SplittableRandom(1);
  private final List<DriverFactory> factories = new ArrayList<>();

  TestRoot(Path directory, FakeDriver... drivers) {
    layout = new RegistryLayout(directory);
    mounts = new FakeMountTable(directory.getFileSystem()::getPath);
    factories.add(LocalDriver.directoriesOnly());
    for (FakeDriver driver : drivers) {
      factories.add(driver.factory());
    }
  }

  static TestRoot inMemory(FakeDriver... drivers) {
    Configuration unix =
        Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build();
    return new TestRoot(Jimfs.newFileSystem(unix).getPath("/keg"), drivers);
  }

  /** A new process. */
  Services open() {
    return open(null);
  }

  /** The same, if the root is part of a registry that several hosts share. */
  Services open(@Nullable Sharing sharing) {
    VolumeRegistry registry =
        new VolumeRegistry(
            layout, DirectorySync.NONE, random, _ -> {}, warnings::add, WorkListener.NONE, sharing);
    return new Services(
        registry,
        new Attachments(registry, () -> mounts),
        new Drivers(factories, context()),
        Clock.fixed(now, ZoneOffset.UTC),
        Secrets.NONE);
  }

  /** The surroundings of drivers. */
  static DriverContext context() {
    return new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {});
  }

  static VolumeRequest request(String name, String driver, String... options) {
    return new VolumeRequest(
        new VolumeName(name),
        driver,
        Options.parse(List.of(options)),
        Labels.NONE,
        Ownership.DEFAULT);
  }

  VolumeHome home() {
    return layout.home(DB);
  }

  /** Moves a volume to an archive, as far as the registry knows. */
  void archive(VolumeName name) throws IOException {
    VolumeHome home = layout.home(name);
    open().registry().pools().addArchive(COLD, REPOSITORY);
    new ArchivedVolume(REPOSITORY, "backup", new Size(7)).writeInto(home);
    Files.move(
        home.path(), Pool.archive(layout.root(), COLD).resolve("volumes").resolve(name.text()));
    record(name, COLD);
  }

  /** Records that a volume is in the pool. */
  void record(VolumeName name, PoolName pool) throws IOException {
    Files.createDirectories(layout.places().pooled());
    Files.write(layout.places().file(name), Places.content(pool));
  }

  /** The homes of volumes that are not published. */
  List<Path> staged() throws IOException {
    return DirectoryEntries.of(layout.places().own().staging());
  }

  /** A filter for all volumes that may be pruned. */
  static VolumeFilter unused(Volumes volumes) {
    return VolumeFilter.forPrune(true, FilterArguments.NONE, volumes.filterContext());
  }
}
