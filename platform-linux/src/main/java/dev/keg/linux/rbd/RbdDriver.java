package dev.keg.linux.rbd;

import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.filesystem.DiskFileSystem.NewFileSystem;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.mount.KernelModules;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Keeps each volume in an image of a Ceph cluster, which it maps to a device and mounts. */
public final class RbdDriver implements VolumeDriver, Resizes, Clones, Snapshots {
  /** The file in a staged home that marks its image's name as belonging to another volume. */
  private static final String TAKEN = "rbd-taken";

  private final Kernel kernel;
  private final DataMount mount;

  private RbdDriver(Kernel kernel) {
    this.kernel = kernel;
    this.mount = new DataMount(kernel);
  }

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return new DriverFactory(
            "rbd",
            "a block device image of a Ceph cluster, with a file system of its own",
            RbdOptions.DESCRIPTORS,
            context -> new RbdDriver(kernel.apply(context)))
        .unless(() -> Kernel.lacks("rbd"))
        .lacking(() -> KernelModules.lack("rbd"));
  }

  @Override
  public boolean isOnServer(Volume volume) {
    return true;
  }

  @Override
  public void validate(DriverOptions options) {
    var _ = RbdOptions.of(options);
  }

  private Rbd image(Volume volume) {
    return new Rbd(kernel.tools(), RbdOptions.of(volume), "keg-" + volume.details().id().text());
  }

  @Override
  public void create(CreateRequest request) {
    Volume volume = request.volume();
    DriverOperation operation = new DriverOperation("create", volume.name());
    RbdOptions options = RbdOptions.of(request.options());
    new DataDirectory(volume.name(), request.home()).create(Ownership.DEFAULT);
    Rbd image = image(volume);
    operation.run(
        "cannot create image " + image.name(),
        () -> noteIfTaken(request.home(), () -> image.create(options.size())));
    try {
      operation.run(
          "cannot create the file system " + options.fileSystem().word(),
          () -> makeFileSystem(image, options, request.ownership()));
    } catch (RuntimeException e) {
      DriverOperation.undo(e, () -> takeBack(volume, request.home()));
      throw e;
    }
  }

  /** A clone shares the data of its source in the cluster. */
  @Override
  public void cloneFrom(Volume source, VolumeHome home, CreateRequest request) {
    Volume volume = request.volume();
    DriverOperation operation = new DriverOperation("clone", volume.name());
    RbdOptions options = RbdOptions.of(request.options());
    new DataDirectory(volume.name(), request.home()).create(Ownership.DEFAULT);
    Rbd image = image(volume);
    try {
      operation.run(
          "cannot clone image " + image(source).name(),
          () -> {
            Optional<String> snapshot = RbdSnapshots.name(home);
            if (snapshot.isPresent()) {
              noteIfTaken(request.home(), () -> image(source).cloneTo(image, snapshot.get()));
            } else {
              RbdSnapshots.noteSource(request.home(), image(source));
              noteIfTaken(request.home(), () -> image(source).cloneTo(image));
            }
          });
      operation.run(
          "cannot give the copy an identity of its own",
          () -> image.mapped(device -> options.fileSystem().renew(kernel.tools(), device)));
    } catch (RuntimeException e) {
      DriverOperation.undo(e, () -> takeBack(volume, request.home()));
      throw e;
    }
  }

  /** Notes an image that existed before: it is another volume's, and a rollback keeps it. */
  private static void noteIfTaken(VolumeHome home, DriverOperation.Action creation)
      throws ErrnoException, ToolException, IOException {
    try {
      creation.run();
    } catch (ToolException e) {
      if (Rbd.isTaken(e)) {
        Files.createFile(home.file(TAKEN));
      }
      throw e;
    }
  }

  private void makeFileSystem(Rbd image, RbdOptions options, Ownership ownership)
      throws ErrnoException, ToolException, IOException {
    image.mapped(
        device -> {
          options
              .fileSystem()
              .make(
                  kernel.tools(),
                  device,
                  new NewFileSystem(Optional.empty(), false, Optional.empty(), ownership));
          if (!options.fileSystem().makesOwner() && !ownership.equals(Ownership.DEFAULT)) {
            kernel
                .mounts()
                .inside(fileSystem(device, options), root -> DataDirectory.own(root, ownership));
          }
        });
  }

  @Override
  public boolean leavesTraces(Volume volume) {
    return true;
  }

  @Override
  public void takeBack(Volume volume, VolumeHome home) {
    if (!Files.isDirectory(home.path()) || Files.exists(home.file(TAKEN))) {
      return;
    }
    Rbd image = image(volume);
    new DriverOperation("create", volume.name())
        .run(
            "cannot remove image " + image.name(),
            () -> {
              image.unmap();
              image.remove();
              Optional<String> source = RbdSnapshots.source(home);
              if (source.isPresent()) {
                image.sibling(source.get()).discardFor(image);
              }
            });
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    DriverOperation operation = new DriverOperation("remove", volume.name());
    takeDown(operation, volume, home);
    Rbd image = image(volume);
    operation.run("cannot remove image " + image.name(), image::remove);
  }

  @Override
  public Path mount(MountRequest request) {
    Volume volume = request.volume();
    DriverOperation operation = new DriverOperation("mount", volume.name());
    if (!mount.isMounted(operation, request.home())) {
      var _ = new DataDirectory(volume.name(), request.home()).require("mount");
      Rbd image = image(volume);
      Path device =
          operation.get(
              "cannot map image " + image.name(),
              () -> {
                try {
                  return image.map();
                } catch (ToolException e) {
                  throw e.hint().isPresent()
                      ? e
                      : e.withHint(
                          "only one host can map an image: `rbd status %s` shows which one has it"
                              .formatted(image.name()));
                }
              });
      try {
        mount.mount(
            operation, request.home(), fileSystem(device, RbdOptions.of(request.options())));
      } catch (RuntimeException e) {
        DriverOperation.undo(e, () -> unmap(operation, volume));
        throw e;
      }
    }
    return request.home().data();
  }

  /** Mounts without devices and set-user-ID programs, since others can write to the image. */
  private static FileSystemMount fileSystem(Path device, RbdOptions options, MountFlag... more) {
    Set<MountFlag> flags = EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV);
    flags.addAll(List.of(more));
    return new FileSystemMount(
        options.fileSystem().word(),
        device.toString(),
        flags,
        options.fileSystem().mountOptions(false));
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    takeDown(new DriverOperation("unmount", volume.name()), volume, home);
  }

  private void takeDown(DriverOperation operation, Volume volume, VolumeHome home) {
    mount.takeDown(operation, home);
    unmap(operation, volume);
  }

  private void unmap(DriverOperation operation, Volume volume) {
    Rbd image = image(volume);
    operation.run("cannot unmap image " + image.name(), image::unmap);
  }

  /**
   * Grows from the outside in; if this is killed, the next attempt completes it after unmounting
   * leftovers. The cluster lets nobody resize an image while a host has it exclusively.
   */
  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    RbdOptions options = RbdOptions.of(volume);
    if (size.compareTo(options.size()) < 0) {
      throw new NotSupported(
          "resize",
          volume.name().text(),
          "an image cannot shrink; create a smaller volume and copy the data");
    }
    DriverOperation operation = new DriverOperation("resize", volume.name());
    Rbd image = image(volume);
    if (mount.isMounted(operation, home)) {
      throw new NotSupported("resize", volume.name().text(), "it is mounted; unmount it first");
    }
    operation.run(
        "cannot resize image " + image.name() + " to " + size.humanBinary(),
        () -> {
          image.unmap(); // a killed command may have left it mapped
          image.grow(size);
          try {
            Path device = image.map();
            mount.mount(operation, home, fileSystem(device, options));
            growFileSystem(operation, options, device, home);
          } catch (RuntimeException | ToolException | IOException e) {
            DriverOperation.undo(e, () -> takeDown(operation, volume, home));
            throw e;
          }
          takeDown(operation, volume, home);
        });
    return volume.options().with("size", Long.toString(size.bytes()));
  }

  private void growFileSystem(
      DriverOperation operation, RbdOptions options, Path device, VolumeHome home)
      throws ToolException {
    if (!options.fileSystem().grow(kernel.tools(), device, home.data())) {
      throw operation.failed(
          "cannot grow its file system",
          "Linux grows a mounted ext4 only with CAP_SYS_RESOURCE",
          "run it again with CAP_SYS_RESOURCE; that completes the resize",
          null);
    }
  }

  @Override
  public boolean areOnServer(Volume volume) {
    return true;
  }

  @Override
  public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
    snapshots("snapshot create", volume).make(snapshot);
  }

  @Override
  public void discard(Volume volume, VolumeHome snapshot) {
    snapshots("snapshot rm", volume).discard(snapshot);
  }

  @Override
  public Optional<String> whyNotShown(Volume volume, VolumeHome snapshot) {
    return RbdOptions.of(volume).fileSystem().word().equals("btrfs")
        ? Optional.of("btrfs cannot mount two copies of one file system at the same time")
        : Optional.empty();
  }

  @Override
  public Shown show(MountRequest request) {
    RbdOptions options = RbdOptions.of(request.options());
    return snapshots("show", request.volume())
        .show(request.home(), device -> fileSystem(device, options, MountFlag.READ_ONLY));
  }

  private RbdSnapshots snapshots(String operation, Volume volume) {
    return new RbdSnapshots(kernel, new DriverOperation(operation, volume.name()), image(volume));
  }

  @Override
  public SortedMap<String, String> status(Volume volume, VolumeHome home) {
    SortedMap<String, String> status = new TreeMap<>();
    status.put("Image", image(volume).name());
    mount
        .find(new DriverOperation("inspect", volume.name()), home)
        .ifPresent(found -> status.put("Device", found.source()));
    return status;
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return new Storage(
        volume.options().text("fs").orElse("ext4"),
        "rbd",
        volume.options().text("size").map(Size::parseBinary),
        home.data(),
        false);
  }
}
