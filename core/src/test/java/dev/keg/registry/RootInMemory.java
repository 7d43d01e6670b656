package dev.keg.registry;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.WorkListener;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.registry.pool.Place;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A root in memory and a disk for a pool. Each {@link #open} opens it as another command does;
 * records what is synced and reported.
 */
public final class RootInMemory {
  public static final VolumeName DB = new VolumeName("db");
  public static final VolumeName WWW = new VolumeName("www");
  public static final PoolName FAST = new PoolName("fast");
  public static final Instant CREATED = Instant.parse("2026-11-20T10:00:00Z");

  public final FaultyFileSystem files;
  public final RegistryLayout layout;
  public final Path disk;
  public final List<Path> synced = new ArrayList<>();
  public final List<String> debug = new ArrayList<>();
  public final List<String> notices = new ArrayList<>();
  private int commands;

  public RootInMemory() {
    this(
        FaultyFileSystem.over(
            Jimfs.newFileSystem(
                Configuration.unix().toBuilder()
                    .setAttributeViews("basic", "posix", "unix")
                    .build())),
        "root");
    FileFailures.run("make", disk, () -> Files.createDirectory(disk.resolveSibling("")));
  }

  private RootInMemory(FaultyFileSystem files, String name) {
    this.files = files;
    layout = new RegistryLayout(files.getPath("/srv").resolve(name));
    disk = files.getPath("/mnt/fast");
  }

  /** Another root with the same disk. */
  public RootInMemory beside(String name) {
    return new RootInMemory(files, name);
  }

  /** Opens the root for changes. */
  public VolumeRegistry open() {
    VolumeRegistry registry = closed(null);
    registry.openForWriting();
    return registry;
  }

  /** The registry before it is opened. */
  public VolumeRegistry closed(@Nullable Sharing sharing) {
    return with(synced::add, sharing);
  }

  /** The same on a system that syncs in its own way. */
  public VolumeRegistry with(DirectorySync sync, @Nullable Sharing sharing) {
    return new VolumeRegistry(
        layout,
        sync,
        new SplittableRandom(++commands),
        debug::add,
        notices::add,
        WorkListener.NONE,
        sharing);
  }

  /** A root on the disk, for locks: those in memory exclude nobody. */
  public static VolumeRegistry onDisk(Path directory) {
    VolumeRegistry registry =
        new VolumeRegistry(
            new RegistryLayout(directory), DirectorySync.NONE, new SplittableRandom(1), _ -> {});
    registry.openForWriting();
    return registry;
  }

  /** Names of drafts, as the registry's own. */
  Drafts drafts() {
    RegistryLock lock = new RegistryLock(layout.locks(), debug::add, () -> {});
    return new Drafts(layout, lock, new SplittableRandom(++commands), debug::add);
  }

  /** Adds the disk as a pool. */
  public Place addPool() {
    return open().pools().add(FAST, disk).place();
  }

  /** What an unmounted disk leaves. */
  public void unmount() throws IOException {
    Files.move(disk, disk.resolveSibling("away"));
    Files.createDirectory(disk);
  }

  /** Reverses {@link #unmount}. */
  public void mount() throws IOException {
    Files.delete(disk);
    Files.move(disk.resolveSibling("away"), disk);
  }

  public static Volume volume(VolumeName name) {
    return new Volume(name, "local", Options.NONE, Labels.NONE, CREATED);
  }

  /** Creates a volume with a file in it. */
  public VolumeHome make(VolumeName name, PoolName pool) {
    VolumeRegistry registry = open();
    VolumeHome staged = registry.stage(name, pool);
    fill(staged, name.text());
    registry.publish(volume(name), staged);
    return layout.home(name);
  }

  /** Makes the data of a home, a file with that content. */
  public static void fill(VolumeHome home, String content) {
    FileFailures.run(
        "fill",
        home.data(),
        () -> {
          Files.createDirectory(home.data());
          Files.writeString(home.data().resolve("file"), content);
        });
  }

  /** Writes a file and the directories above it. */
  public static Path write(Path file, String content) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, content);
  }

  public static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
