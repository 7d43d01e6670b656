package dev.keg.linux.driver;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Snapshots.Shown;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.mount.FileLocation;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Mounts a directory of a file server on the data directory, with a helper program. */
public class ShareDriver implements VolumeDriver {
  private final Kernel kernel;
  private final DataMount mount;
  private final MountProgram program;
  private final Function<DriverOptions, Share> shares;

  /** The function reads a volume's options and refuses invalid ones. */
  public ShareDriver(Kernel kernel, Function<DriverOptions, Share> shares) {
    this.kernel = kernel;
    this.mount = new DataMount(kernel);
    this.program = new MountProgram(kernel.tools());
    this.shares = shares;
  }

  /**
   * A share of a file server.
   *
   * @param limit how long to wait for the server while mounting
   */
  public record Share(String type, String source, List<String> options, Duration limit) {
    public Share {
      options = List.copyOf(options);
    }
  }

  protected final Kernel kernel() {
    return kernel;
  }

  @Override
  public boolean isOnServer(Volume volume) {
    return true;
  }

  @Override
  public void validate(DriverOptions options) {
    var _ = shares.apply(options);
  }

  @Override
  public void create(CreateRequest request) {
    if (!request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported(
          "create", request.volume().name().text(), "the server sets owner and mode");
    }
    new DataDirectory(request.volume().name(), request.home()).create(Ownership.DEFAULT);
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    mount.takeDown(new DriverOperation("remove", volume.name()), home);
  }

  // Ask the mount table first: reading a directory of an unreachable server takes long.
  @Override
  public Path mount(MountRequest request) {
    DriverOperation operation = new DriverOperation("mount", request.volume().name());
    VolumeHome home = request.home();
    if (!mount.isMounted(operation, home)) {
      var _ = new DataDirectory(request.volume().name(), home).require("mount");
      attach(operation, shares.apply(request.options()), home);
      try {
        mounted(operation, request);
      } catch (RuntimeException e) {
        DriverOperation.undo(e, () -> mount.takeDown(operation, home));
        throw e;
      }
    }
    return home.data();
  }

  private void attach(DriverOperation operation, Share share, VolumeHome home) {
    try {
      program.run(
          share.type(),
          share.source(),
          String.join(",", share.options()),
          home.data(),
          share.limit());
    } catch (ToolException e) {
      DriverFailed failure = failed(operation, share, e);
      // The program may have been killed just after mounting.
      DriverOperation.undo(failure, () -> mount.takeDown(operation, home));
      throw failure;
    }
  }

  /** The share that the options name. */
  protected final Share share(DriverOptions options) {
    return shares.apply(options);
  }

  /** Work in the directory of a share. */
  @FunctionalInterface
  protected interface Work {
    void in(Path directory) throws ErrnoException, ToolException, IOException;
  }

  /**
   * Works in a share; mounts it on the home's data directory for that time if it is not mounted
   * yet.
   */
  protected final void during(
      DriverOperation operation, String what, Share share, VolumeHome home, Work work) {
    if (mount.isMounted(operation, home)) {
      operation.run(what, () -> work.in(home.data()));
      return;
    }
    attach(operation, share, home);
    try {
      operation.run(what, () -> work.in(home.data()));
    } catch (RuntimeException e) {
      DriverOperation.undo(e, () -> mount.takeDown(operation, home));
      throw e;
    }
    mount.takeDown(operation, home);
  }

  /**
   * Shows a directory of a share that is mounted on a snapshot's home only for a moment. Links that
   * others have put into the share cannot lead outside it.
   */
  protected final Shown shown(
      DriverOperation operation, Share share, VolumeHome snapshot, String directory) {
    List<Fd> opened = new ArrayList<>();
    operation.run(
        "cannot lock the snapshot",
        () ->
            ShownLock.during(
                snapshot,
                () -> {
                  try {
                    during(
                        operation,
                        "cannot show the snapshot",
                        share,
                        snapshot,
                        data ->
                            opened.add(
                                kernel.mounts().look(FileLocation.beneath(data, directory))));
                    return opened;
                  } catch (RuntimeException e) {
                    opened.forEach(Fd::close);
                    throw e;
                  }
                }));
    Fd root = opened.getFirst();
    return new Shown() {
      @Override
      public Path data() {
        return Path.of(root.path());
      }

      @Override
      public void close() {
        root.close();
      }
    };
  }

  /** Called just after the share is mounted; if this fails, the share is unmounted again. */
  protected void mounted(DriverOperation operation, MountRequest request) {}

  /** Whether the share is mounted. */
  protected final boolean isMounted(DriverOperation operation, VolumeHome home) {
    return mount.isMounted(operation, home);
  }

  private static DriverFailed failed(DriverOperation operation, Share share, ToolException e) {
    String what = "cannot mount %s (%s)".formatted(share.source(), share.type());
    return e.timedOut()
        ? operation.failed(
            what,
            "the server did not answer within %d seconds".formatted(share.limit().toSeconds()),
            "check that it runs and accepts this host; -o timeout=SECONDS waits longer",
            e)
        : operation.failed(what, String.valueOf(e.getMessage()), e.hint().orElse(null), e);
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return Storage.fileSystem(volume.driver(), home.data());
  }

  @Override
  public Footprint footprint(Volume volume, VolumeHome home) {
    mount.requireAnswer(new DriverOperation("measure", volume.name()), home.data());
    return VolumeDriver.super.footprint(volume, home);
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    mount.takeDown(new DriverOperation("unmount", volume.name()), home);
  }
}
