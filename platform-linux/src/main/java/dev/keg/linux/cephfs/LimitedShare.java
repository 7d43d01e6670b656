package dev.keg.linux.cephfs;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Storage;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.ShareDriver;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * A directory that the cluster limits: clients ask its metadata servers for the limit, which is an
 * attribute of the directory. It is set at each mount, so that one that was lost, or that another
 * host does not know of yet, holds again.
 */
final class LimitedShare extends ShareDriver implements Resizes {
  static final OptionDescriptor SIZE =
      new OptionDescriptor("size", "SIZE", "limit of the directory (a quota of the file system)");

  private static final String QUOTA = "ceph.quota.max_bytes";

  private final Kernel kernel;

  LimitedShare(Kernel kernel, Function<DriverOptions, Share> shares) {
    super(kernel, shares);
    this.kernel = kernel;
  }

  static void check(DriverOptions options) {
    if (options.has(SIZE.key()) && options.size(SIZE.key()).orElse(Size.ZERO).bytes() == 0) {
      throw options.invalid(SIZE.key(), "more than nothing");
    }
  }

  @Override
  protected void mounted(DriverOperation operation, MountRequest request) {
    Optional<Size> size = request.options().size(SIZE.key());
    if (size.isPresent()) {
      limit(operation, request.home().data(), size.get());
    }
  }

  private void limit(DriverOperation operation, Path directory, Size size) {
    operation.run(
        "cannot limit it to " + size.humanBinary(),
        () -> {
          try {
            var _ =
                kernel
                    .tools()
                    .run(
                        Tool.of(
                            "setfattr",
                            "-n",
                            QUOTA,
                            "-v",
                            Long.toString(size.bytes()),
                            directory.toString()));
          } catch (ToolException e) {
            throw e.didNotRun()
                ? e
                : e.withHint("Ceph's user needs the capability p: `ceph fs authorize ... rwp`");
          }
        });
  }

  /** What is not mounted now is limited by its next mount. */
  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    if (size.bytes() == 0) {
      throw new NotSupported(
          "resize", volume.name().text(), "a limit of nothing is none; give a larger size");
    }
    DriverOperation operation = new DriverOperation("resize", volume.name());
    if (stands(operation, home)) {
      limit(operation, home.data(), size);
    }
    return volume.options().with(SIZE.key(), Long.toString(size.bytes()));
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return super.storage(volume, home).limitedBy(volume.options());
  }
}
