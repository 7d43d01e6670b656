package dev.keg.linux.gluster;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Secrets;
import dev.keg.file.AtomicFile;
import dev.keg.file.SmallFile;
import dev.keg.linux.driver.ClusterShare;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.FaithfulCopy;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
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
 * A directory in a cluster's volume. Its limit is a quota of the cluster. A snapshot is a snapshot
 * of the whole cluster volume, which requires bricks on thin LVM; otherwise it is a copy on this
 * host.
 */
final class GlusterShare extends ClusterShare {
  /**
   * The file in a snapshot's home that holds the cluster's name for it; written before the snapshot
   * is taken, and empty if the data is in the home.
   */
  private static final String NAME = "gluster-snapshot";

  GlusterShare(
      Kernel kernel, List<OptionDescriptor> descriptors, Function<DriverOptions, Share> shares) {
    super(kernel, descriptors, shares);
  }

  private GlusterCluster cluster(Volume volume) {
    return new GlusterCluster(kernel().tools(), options(volume).require("volume"));
  }

  @Override
  public void create(CreateRequest request) {
    super.create(request);
    limit("create", request.volume());
  }

  @Override
  public void cloneFrom(Volume source, VolumeHome home, CreateRequest request) {
    super.cloneFrom(source, home, request);
    limit("clone", request.volume());
  }

  private void limit(String operation, Volume volume) {
    Optional<Size> size = options(volume).size(SIZE.key());
    if (size.isPresent()) {
      limit(new DriverOperation(operation, volume.name()), volume, size.get());
    }
  }

  private void limit(DriverOperation operation, Volume volume, Size size) {
    operation.run(
        "cannot limit it to " + size.humanBinary(),
        () -> cluster(volume).limit(path(volume), size));
  }

  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    Options resized = resized(volume, size);
    limit(new DriverOperation("resize", volume.name()), volume, size);
    return resized;
  }

  @Override
  public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
    DriverOperation operation = new DriverOperation("snapshot create", volume.name());
    String name = clusterName(snapshot);
    operation.run(
        () -> AtomicFile.writeNew(snapshot.file(NAME), name.getBytes(StandardCharsets.UTF_8)));
    boolean kept = operation.get("cannot make a snapshot", () -> cluster(volume).keep(name));
    if (kept) {
      new DataDirectory(volume.name(), snapshot).create(Ownership.DEFAULT);
      return;
    }
    operation.run(
        () -> {
          Files.delete(snapshot.file(NAME));
          AtomicFile.writeNew(snapshot.file(NAME), new byte[0]);
        });
    during(
        operation,
        "cannot copy the data",
        share(options(volume)),
        home,
        data -> FaithfulCopy.run(data, snapshot.data()));
  }

  private static Optional<String> name(VolumeHome snapshot) throws IOException {
    Path file = snapshot.file(NAME);
    return Files.exists(file)
        ? Optional.of(new String(SmallFile.read(file), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  @Override
  public boolean isCopied(Volume volume, VolumeHome snapshot) {
    return new DriverOperation("snapshot create", volume.name())
        .get(() -> name(snapshot))
        .filter(String::isEmpty)
        .isPresent();
  }

  @Override
  public void discard(Volume volume, VolumeHome snapshot) {
    new DriverOperation("snapshot rm", volume.name())
        .run(
            "cannot remove the snapshot",
            () -> {
              Optional<String> name = name(snapshot);
              if (name.isPresent() && !name.get().isEmpty()) {
                cluster(volume).discard(name.get());
              }
            });
  }

  @Override
  public Shown show(MountRequest request) {
    DriverOperation operation = new DriverOperation("show", request.volume().name());
    Optional<String> name = operation.get(() -> name(request.home()));
    return name.isPresent() && !name.get().isEmpty()
        ? shown(
            operation,
            GlusterDriver.snapshot(request.options(), name.get()),
            request.home(),
            "." + path(request.volume()))
        : new Copied(request.home().data());
  }

  private record Copied(Path data) implements Shown {
    @Override
    public void close() {}
  }

  @Override
  protected void read(Volume volume, VolumeHome home, Path live, String reader, Work work)
      throws ErrnoException, ToolException, IOException {
    if (name(home).isEmpty()) {
      work.in(live);
      return;
    }
    try (Shown shown = show(new MountRequest(volume, home, options(volume), Secrets.NONE))) {
      work.in(shown.data());
    }
  }
}
