package dev.keg.driver.local;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.local.LocalPlatform.Refused;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.DriverUnavailable;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.VolumeException;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Volumes that are directories; those whose options describe a mount are covered by it. */
final class LocalDriver implements VolumeDriver {
  private final Supplier<Optional<LocalPlatform>> platform;

  /** The platform is asked for only by volumes that need one. */
  LocalDriver(Supplier<Optional<LocalPlatform>> platform) {
    this.platform = platform;
  }

  @Override
  public void validate(DriverOptions options) {
    LocalOptions.validate(options, () -> platform.get().isPresent());
  }

  @Override
  public void create(CreateRequest request) {
    boolean plain = alwaysVisible(request.volume());
    if (!plain && !request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported(
          "create",
          request.volume().name().text(),
          "the owner and mode of a mount are the file system's; give them in o= where it has them");
    }
    Ownership ownership = Ownerships.merge(request.ownership(), Ownerships.of(request.options()));
    data(request.volume(), request.home()).create(ownership);
    if (plain) {
      limit("create", request.options(), request.home().data());
    }
  }

  // Docker sets the limit anew at each mount; it costs nothing and repairs what others changed.
  private void limit(String operation, DriverOptions options, Path data) {
    Size size = LocalOptions.size(options);
    if (size.bytes() == 0) {
      return;
    }
    try {
      LocalPlatform quotas = platform(operation, options.volume().text());
      if (!quotas.hasQuotas(data)) {
        throw noQuota(operation, options);
      }
      quotas.limit(data, size);
    } catch (Refused e) {
      throw new DriverFailed(
          operation,
          options.volume().text(),
          "cannot limit '" + data + "': " + e.why(),
          e.hint().orElse(null),
          e);
    }
  }

  private static VolumeException noQuota(String operation, DriverOptions options) {
    return operation.equals("create")
        ? LocalOptions.noQuota(options)
        : new DriverFailed(
            operation,
            options.volume().text(),
            "size quota requested for volume but no quota support");
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    data(volume, home).requireInsideForRemoval();
    if (alwaysVisible(volume) && volume.options().containsKey("size")) {
      unlimit(volume, home.data());
    }
  }

  private void unlimit(Volume volume, Path data) {
    Optional<LocalPlatform> quotas = platform.get();
    try {
      if (quotas.isPresent()) {
        quotas.get().unlimit(data);
      }
    } catch (Refused e) {
      throw new DriverFailed(
          "remove", volume.name().text(), "cannot give back the limit: " + e.why());
    }
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
    LocalMounter mounter = new LocalMounter(platform("mount", volume.name().text()));
    Path target = request.home().data();
    // Asked first: to look at a directory on a server that is gone may take for ever.
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
      new LocalMounter(platform("unmount", volume.name().text())).unmount(volume, home.data());
    }
  }

  @Override
  public boolean alwaysVisible(Volume volume) {
    return !LocalOptions.describeMount(volume.options());
  }

  @Override
  public boolean lasts(Volume volume) {
    String type = volume.options().getOrDefault("type", "");
    return !type.equals("tmpfs") && !type.equals("ramfs");
  }

  @Override
  public Size usage(Volume volume, VolumeHome home) throws IOException {
    if (!alwaysVisible(volume)) {
      new LocalMounter(platform("measure", volume.name().text()))
          .requireAnswer(volume, home.data());
    }
    return VolumeDriver.super.usage(volume, home);
  }

  private static DataDirectory data(Volume volume, VolumeHome home) {
    return new DataDirectory(volume.name(), home);
  }

  private LocalPlatform platform(String operation, String volume) {
    return platform
        .get()
        .orElseThrow(
            () -> new DriverUnavailable(operation, volume, "local", "nothing here can mount"));
  }
}
