package dev.keg.linux.cephfs;

import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Secrets;
import dev.keg.file.AtomicFile;
import dev.keg.file.SmallFile;
import dev.keg.linux.driver.ClusterShare;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A directory whose size the cluster limits. The limit is an attribute of the directory, which
 * clients read from the metadata servers. Each mount sets it again, in case it was lost or another
 * host has not seen it yet. A snapshot is a directory in {@code .snap}; it is taken while others
 * may be writing.
 */
final class LimitedShare extends ClusterShare {
  private static final String QUOTA = "ceph.quota.max_bytes";
  private static final String SNAPSHOTS = ".snap";

  /**
   * The file in a snapshot's home that holds the cluster's name for it; written before the snapshot
   * is taken.
   */
  private static final String NAME = "ceph-snapshot";

  LimitedShare(
      Kernel kernel, List<OptionDescriptor> descriptors, Function<DriverOptions, Share> shares) {
    super(kernel, descriptors, shares);
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
                kernel()
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

  /** An unmounted volume gets the limit at its next mount. */
  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    Options resized = resized(volume, size);
    DriverOperation operation = new DriverOperation("resize", volume.name());
    if (isMounted(operation, home)) {
      limit(operation, home.data(), size);
    }
    return resized;
  }

  @Override
  public boolean canBeMountedMeanwhile(Volume volume) {
    return true;
  }

  @Override
  public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
    DriverOperation operation = new DriverOperation("snapshot create", volume.name());
    String name = clusterName(snapshot);
    new DataDirectory(volume.name(), snapshot).create(Ownership.DEFAULT);
    operation.run(
        () -> AtomicFile.writeNew(snapshot.file(NAME), name.getBytes(StandardCharsets.UTF_8)));
    during(
        operation,
        "cannot make a snapshot (Ceph's user needs the capability s)",
        share(options(volume)),
        home,
        data -> Files.createDirectory(data.resolve(SNAPSHOTS).resolve(name)));
  }

  private static Optional<String> name(VolumeHome snapshot) throws IOException {
    Path file = snapshot.file(NAME);
    return Files.exists(file)
        ? Optional.of(new String(SmallFile.read(file), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** Mounts the share on a home of its own, since the volume's home may be gone. */
  @Override
  public void discard(Volume volume, VolumeHome snapshot) {
    DriverOperation operation = new DriverOperation("snapshot rm", volume.name());
    Optional<String> name = operation.get(() -> name(snapshot));
    if (name.isPresent()) {
      during(
          operation,
          "cannot remove the snapshot",
          share(options(volume)),
          snapshot,
          data -> {
            var _ = Files.deleteIfExists(data.resolve(SNAPSHOTS).resolve(name.get()));
          });
      unmount(volume, snapshot); // a killed command may have left it mounted
    }
  }

  @Override
  public Shown show(MountRequest request) {
    DriverOperation operation = new DriverOperation("show", request.volume().name());
    return shown(
        operation,
        share(request.options()),
        request.home(),
        SNAPSHOTS + "/" + operation.get(() -> existing(request.home())));
  }

  private static String existing(VolumeHome snapshot) throws IOException {
    return name(snapshot).orElseThrow(() -> new IOException(snapshot.file(NAME) + " is missing"));
  }

  @Override
  protected void read(Volume volume, VolumeHome home, Path live, String reader, Work work)
      throws ErrnoException, ToolException, IOException {
    Path snapshots = live.resolve(SNAPSHOTS);
    Optional<String> snapshot = name(home);
    if (snapshot.isPresent()) {
      work.in(snapshots.resolve(snapshot.get()));
      return;
    }
    Path kept = Files.createDirectory(snapshots.resolve(reader));
    try {
      work.in(kept);
    } finally {
      Files.delete(kept);
    }
  }

  @Override
  protected void endRead(Path live, String reader) throws IOException {
    var _ = Files.deleteIfExists(live.resolve(SNAPSHOTS).resolve(reader));
  }
}
