package dev.keg.driver.local;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.driver.local.LocalMounts.Refused;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.DriverUnavailable;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Volumes that are directories; if the options describe a mount, it covers the directory. */
public final class LocalDriver implements VolumeDriver, Resizes {
  private static final List<OptionDescriptor> OPTIONS =
      List.of(
          new OptionDescriptor("type", "TYPE", "file system to mount, as for mount -t")
              .reaching(Reach.ANYTHING)
              .allowingEmpty(),
          new OptionDescriptor("device", "DEVICE", "what to mount")
              .reaching(Reach.DATA)
              .allowingEmpty(),
          new OptionDescriptor("o", "OPTION,...", "mount options, as for mount -o")
              .reaching(Reach.ANYTHING)
              .allowingEmpty(),
          new OptionDescriptor("size", "SIZE", "limit, if the file system has project quotas")
              .allowingEmpty(),
          new OptionDescriptor("uid", "UID", "owner of a plain volume's directory"),
          new OptionDescriptor("gid", "GID", "group of a plain volume's directory"),
          new OptionDescriptor("mode", "MODE", "permissions of a plain volume's directory"));

  /** The options that control access to a directory, on Linux or on Windows. */
  public static final Set<String> ACCESS = Set.of("uid", "gid", "mode", "grant", "owner");

  /** File systems that many hosts mount at once. */
  private static final Set<String> SERVED =
      Set.of("ceph", "cifs", "fuse.glusterfs", "glusterfs", "nfs", "nfs4", "smb3");

  private final Supplier<Optional<LocalMounts>> system;
  private final List<OptionDescriptor> known;
  private final LocalAccess access;

  private LocalDriver(
      Supplier<Optional<LocalMounts>> system, List<OptionDescriptor> known, LocalAccess access) {
    this.system = system;
    this.known = known;
    this.access = access;
  }

  /** For a system that can mount; its calls are loaded only for volumes that need them. */
  public static DriverFactory mountingBy(Function<DriverContext, LocalMounts> system) {
    return factory(OPTIONS, context -> Optional.of(system.apply(context)), LocalAccess.NONE);
  }

  /** For a system that cannot mount: volumes with a mount or a size are refused. */
  public static DriverFactory directoriesOnly() {
    return factory(OPTIONS, _ -> Optional.empty(), LocalAccess.NONE);
  }

  /** Like docker's local driver on Windows, with additional options for access control. */
  public static DriverFactory withAccess(List<OptionDescriptor> options, LocalAccess access) {
    return factory(options, _ -> Optional.empty(), access);
  }

  private static DriverFactory factory(
      List<OptionDescriptor> options,
      Function<DriverContext, Optional<LocalMounts>> system,
      LocalAccess access) {
    return new DriverFactory(
        Volume.DEFAULT_DRIVER,
        "the volume's own directory, or a mount described by docker's options",
        options,
        context -> new LocalDriver(() -> system.apply(context), options, access));
  }

  @Override
  public void validate(DriverOptions options) {
    LocalOptions.validate(options, () -> system.get().isPresent());
    access.validate(options);
  }

  @Override
  public void create(CreateRequest request) {
    boolean plain = alwaysVisible(request.volume());
    if (!plain && !request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported(
          "create",
          request.volume().name().text(),
          "the file system of a mount sets owner and mode; give them in o= if it supports that");
    }
    Ownership ownership = Ownerships.merge(request.ownership(), Ownerships.of(request.options()));
    DataDirectory data = data(request.volume(), request.home());
    if (plain) {
      data.createForData(ownership);
    } else {
      data.create(ownership);
    }
    access.apply("create", request.options(), request.home().data());
    if (plain) {
      String volume = request.volume().name().text();
      Path limited = request.home().data();
      if (LocalOptions.size(request.options()).bytes() > 0
          && !hasQuotas("create", volume, limited)) {
        throw LocalOptions.noQuota(volume);
      }
      limit("create", request.options(), limited);
    }
  }

  // Like docker, sets the limit at each mount, which is cheap and repairs outside changes.
  private void limit(String operation, DriverOptions options, Path data) {
    Size size = LocalOptions.size(options);
    if (size.bytes() > 0) {
      limit(operation, options.volume().text(), size, data);
    }
  }

  /**
   * Only files created in a directory after its limit is set count. Files cannot be linked between
   * directories with different limits.
   */
  @Override
  public void limitSuccessor(Volume volume, VolumeHome home, Path directory, boolean linked) {
    DriverOptions options = DriverOptions.of(volume.name(), volume.options(), known);
    access.apply("restore", options, directory);
    if (!linked) {
      limit("restore", options, directory);
    } else if (LocalOptions.size(options).bytes() > 0) {
      String name = volume.name().text();
      limit("restore", options, home.data());
      try {
        mounts("restore", name).shareLimit(home.data(), directory);
      } catch (Refused e) {
        throw notLimited("restore", name, directory, e);
      }
    }
  }

  private void limit(String operation, String volume, Size size, Path data) {
    if (!hasQuotas(operation, volume, data)) {
      throw new DriverFailed(
          operation, volume, "size quota requested for volume but no quota support");
    }
    try {
      mounts(operation, volume).limit(data, size);
    } catch (Refused e) {
      throw notLimited(operation, volume, data, e);
    }
  }

  private boolean hasQuotas(String operation, String volume, Path data) {
    try {
      return mounts(operation, volume).hasQuotas(data);
    } catch (Refused e) {
      throw notLimited(operation, volume, data, e);
    }
  }

  private static DriverFailed notLimited(
      String operation, String volume, Path directory, Refused why) {
    return new DriverFailed(
        operation,
        volume,
        "cannot limit '" + directory + "': " + why.why(),
        why.hint().orElse(null),
        why);
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    data(volume, home).requireInsideForRemoval();
    Optional<LocalMounts> quotas = system.get();
    if (!isLimited(volume) || quotas.isEmpty()) {
      return;
    }
    try {
      // A restore may have kept the previous tree, which has its own limit.
      for (Path directory : directories(home)) {
        quotas.get().unlimit(directory);
      }
    } catch (Refused e) {
      throw stillLimited("remove", volume, e);
    }
  }

  private static List<Path> directories(VolumeHome home) {
    return FileFailures.translate(
        "list",
        home.path(),
        () ->
            DirectoryEntries.of(home.path()).stream()
                .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                .toList());
  }

  private boolean isLimited(Volume volume) {
    return alwaysVisible(volume) && volume.options().has("size");
  }

  private static DriverFailed stillLimited(String operation, Volume volume, Refused why) {
    return new DriverFailed(
        operation, volume.name().text(), "cannot remove the limit: " + why.why());
  }

  @Override
  public void unlimit(Volume volume, VolumeHome home, Path directory) {
    Optional<LocalMounts> quotas = system.get();
    try {
      if (isLimited(volume)
          && quotas.isPresent()
          && !quotas.get().shareOneLimit(directory, home.data())) {
        quotas.get().unlimit(directory);
      }
    } catch (Refused e) {
      throw stillLimited("restore", volume, e);
    }
  }

  /**
   * Changes an existing limit but does not set a first one, since existing files would not count.
   */
  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    String name = volume.name().text();
    if (LocalOptions.size(DriverOptions.of(volume.name(), volume.options(), known)).bytes() == 0) {
      throw new NotSupported(
          "resize", name, "it has no size limit to change; `keg create -o size=SIZE` sets one");
    }
    if (size.bytes() == 0) {
      throw new NotSupported("resize", name, "a size limit must be greater than 0");
    }
    limit("resize", name, size, data(volume, home).require("resize"));
    return volume.options().with("size", Long.toString(size.bytes()));
  }

  @Override
  public Path mount(MountRequest request) {
    Volume volume = request.volume();
    DataDirectory data = data(volume, request.home());
    if (alwaysVisible(volume)) {
      Path directory = data.require("mount");
      limit("mount", request.options(), directory);
      return directory;
    }
    LocalMounter mounter = new LocalMounter(mounts("mount", volume.name().text()));
    Path target = request.home().data();
    // Ask the mount table first: reading a directory on a dead server may block forever.
    if (mounter.isMounted(volume, target)) {
      mounter.finish(volume, target);
      return target;
    }
    mounter.mount(volume, data.require("mount"));
    try {
      limit("mount", request.options(), target);
    } catch (VolumeException e) {
      mounter.undo(target, e);
      throw e;
    }
    return target;
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    if (!alwaysVisible(volume)) {
      new LocalMounter(mounts("unmount", volume.name().text())).unmount(volume, home.data());
    }
  }

  @Override
  public boolean alwaysVisible(Volume volume) {
    return !LocalOptions.describeMount(volume.options());
  }

  @Override
  public boolean lasts(Volume volume) {
    String type = volume.options().text("type").orElse("");
    return !type.equals("tmpfs") && !type.equals("ramfs");
  }

  @Override
  public boolean isOnServer(Volume volume) {
    return SERVED.contains(volume.options().text("type").orElse(""));
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    Options options = volume.options();
    Storage storage =
        alwaysVisible(volume)
            ? Storage.directory(home.data())
            : Storage.fileSystem(options.text("type").orElse(""), home.data());
    return storage.limitedBy(options);
  }

  @Override
  public Footprint footprint(Volume volume, VolumeHome home) {
    if (!alwaysVisible(volume)) {
      new LocalMounter(mounts("measure", volume.name().text())).requireAnswer(volume, home.data());
    }
    return VolumeDriver.super.footprint(volume, home);
  }

  private static DataDirectory data(Volume volume, VolumeHome home) {
    return new DataDirectory(volume.name(), home);
  }

  private LocalMounts mounts(String operation, String volume) {
    return system
        .get()
        .orElseThrow(
            () -> new DriverUnavailable(operation, volume, "local", "this system cannot mount it"));
  }
}
