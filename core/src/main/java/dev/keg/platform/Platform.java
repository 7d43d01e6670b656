package dev.keg.platform;

import dev.keg.activity.DeviceLog;
import dev.keg.activity.Devices;
import dev.keg.attachment.MountTable;
import dev.keg.attachment.NoMounts;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.MountPower;
import dev.keg.driver.VolumePlugins;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.file.DirectorySync;
import dev.keg.machine.RunningMachine;
import dev.keg.publish.Publisher;
import dev.keg.tree.FileTrees;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tuning.Tuner;
import dev.keg.usage.PortableTreeScans;
import dev.keg.usage.TreeScans;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An operating system, as Keg uses it. {@link Platforms} finds the implementations by {@link
 * java.util.ServiceLoader} and creates all of them on every machine, so a constructor does nothing,
 * and each method loads only what it returns. A method that a system does not override does what
 * can be done on any system.
 */
public interface Platform {
  /** The name for error messages. */
  String name();

  /** Whether this is the system with this {@code os.name}. */
  boolean runsOn(String osName);

  /**
   * The system's report about itself.
   *
   * @param environment contains the directories of programs
   */
  default SystemInfo info(Map<String, String> environment) {
    return SystemInfo.named(name());
  }

  /** The drivers. A driver that must inspect the machine reports itself as unavailable. */
  default List<DriverFactory> drivers() {
    return List.of(LocalDriver.directoriesOnly());
  }

  /** Programs that manage volumes for others. */
  default VolumePlugins plugins(Map<String, String> environment, Consumer<String> debug) {
    return VolumePlugins.NONE;
  }

  default MountTable mountTable() {
    return new NoMounts();
  }

  /**
   * The process at the other end of standard input, if it is an engine that repeats its request
   * whenever it starts a container; for {@link MountTable#hasEnded}.
   */
  default Optional<String> askingEngine() {
    return Optional.empty();
  }

  /** Mounts volumes at targets. Throws {@link MountFailed} on a system that cannot mount. */
  default Publisher publisher(DriverContext context) {
    throw new MountFailed("mount", "on this system", "it needs Linux", null);
  }

  /** What {@link #publisher} supports for a mount of any volume. */
  default Set<MountPower> mountPowers() {
    return Set.of();
  }

  /** Reads and writes trees of the default file system. */
  default FileTrees trees() {
    return new PortableFileTrees();
  }

  /** Measures trees of the default file system. */
  default TreeScans scans() {
    return new PortableTreeScans();
  }

  /** The devices below files. */
  default Devices devices() {
    return _ -> Optional.empty();
  }

  /**
   * The settings below files.
   *
   * @param debug receives each native call
   */
  default Tuner tuner(Consumer<String> debug) {
    return Tuner.none(name());
  }

  /**
   * The system's log about devices.
   *
   * @param environment contains the directories of programs
   */
  default DeviceLog deviceLog(Map<String, String> environment) {
    return List::of;
  }

  /** Syncs directories of the default file system. */
  default DirectorySync directorySync() {
    return DirectorySync.FSYNC;
  }

  /** A running machine; empty if the system runs no machines of this kind. */
  default Optional<RunningMachine> machine(String kind, String id) {
    return Optional.empty();
  }
}
