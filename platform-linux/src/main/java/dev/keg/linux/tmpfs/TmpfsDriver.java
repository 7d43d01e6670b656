package dev.keg.linux.tmpfs;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Mounts a tmpfs on the data directory. */
public final class TmpfsDriver implements VolumeDriver {
  private final DataMount mount;

  TmpfsDriver(Kernel kernel) {
    this.mount = new DataMount(kernel);
  }

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return new DriverFactory(
        "tmpfs",
        "memory; its content is gone when the last holder unmounts it",
        TmpfsVolumeOptions.DESCRIPTORS,
        context -> new TmpfsDriver(kernel.apply(context)));
  }

  @Override
  public void validate(DriverOptions options) {
    var _ = TmpfsVolumeOptions.of(options);
  }

  @Override
  public void create(CreateRequest request) {
    if (!request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported(
          "create",
          request.volume().name().text(),
          "each mount creates a new root directory; set it with -o uid=, gid= and mode=");
    }
    new DataDirectory(request.volume().name(), request.home()).create(Ownership.DEFAULT);
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    mount.takeDown(new DriverOperation("remove", volume.name()), home);
  }

  @Override
  public boolean lasts(Volume volume) {
    return false;
  }

  @Override
  public Path mount(MountRequest request) {
    DriverOperation operation = new DriverOperation("mount", request.volume().name());
    if (!mount.isMounted(operation, request.home())) {
      var _ = new DataDirectory(request.volume().name(), request.home()).require("mount");
      mount.mount(
          operation,
          request.home(),
          new FileSystemMount(
              "tmpfs", "tmpfs", Set.of(), TmpfsVolumeOptions.of(request.options())));
    }
    return request.home().data();
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    mount.takeDown(new DriverOperation("unmount", volume.name()), home);
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    Storage storage = Storage.fileSystem("tmpfs", home.data());
    return volume.options().has("size") || volume.options().has("nr_blocks")
        ? storage.limitedBy(volume.options())
        : storage.withCapacity(Optional.of(TmpfsVolumeOptions.DEFAULT));
  }
}
