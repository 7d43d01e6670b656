package dev.keg.linux.loop;

import dev.keg.driver.Clones;
import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Examines;
import dev.keg.driver.Freezes;
import dev.keg.driver.HasDevices;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.FileFailures;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.ImageExamination;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.Key;
import dev.keg.linux.filesystem.DiskFileSystem.NewFileSystem;
import dev.keg.linux.filesystem.LinuxFileSystem;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Stores each volume as a file system in an image, and mounts it. */
public final class LoopDriver
    implements VolumeDriver, Resizes, Compacts, Freezes, Clones, Snapshots, Examines, HasDevices {
  private static final Path CONTROL = Path.of("/dev/loop-control");

  private final Kernel kernel;
  private final DataMount mount;
  private final ImageDevices devices;
  private final Freezing freezing;

  LoopDriver(Kernel kernel) {
    this.kernel = kernel;
    this.mount = new DataMount(kernel);
    this.devices = new ImageDevices(kernel);
    this.freezing = new Freezing(kernel, mount);
  }

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return new DriverFactory(
            "loop",
            "a file system in a file: a size limit on any host, optionally encrypted",
            LoopOptions.DESCRIPTORS,
            context -> new LoopDriver(kernel.apply(context)))
        .unless(LoopDriver::missingDevices);
  }

  private static Optional<String> missingDevices() {
    return Files.exists(CONTROL)
        ? Optional.empty()
        : Optional.of("there is no " + CONTROL + "; modprobe loop creates it");
  }

  @Override
  public void validate(DriverOptions options) {
    var _ = LoopOptions.of(options);
  }

  private static LoopOptions options(Volume volume) {
    return LoopOptions.of(
        DriverOptions.of(volume.name(), volume.options(), LoopOptions.DESCRIPTORS));
  }

  @Override
  public void create(CreateRequest request) {
    DriverOperation operation = new DriverOperation("create", request.volume().name());
    LoopOptions options = LoopOptions.of(request.options());
    new DataDirectory(request.volume().name(), request.home()).create(Ownership.DEFAULT);
    LoopImage image = LoopImage.in(request.home(), kernel);
    operation.run(
        "cannot create the image of " + options.size().humanBinary(),
        () -> {
          image.make();
          image.resize(options.imageLength(options.size()), options.full());
        });
    operation.run(
        "cannot create the file system " + options.fileSystem().word(),
        () -> {
          makeFileSystem(operation, request, options);
          // mkfs punches holes if the host's file system cannot zero a range.
          if (options.full()) {
            kernel.fill(image.path());
          }
          image.sync();
        });
  }

  private void makeFileSystem(DriverOperation operation, CreateRequest request, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    VolumeHome home = request.home();
    LinuxFileSystem made = options.fileSystem();
    NewFileSystem wanted =
        new NewFileSystem(Optional.empty(), options.full(), options.journal(), request.ownership());
    boolean mustOwn = !made.makesOwner() && !wanted.ownership().equals(Ownership.DEFAULT);
    if (options.encryption().isEmpty()) {
      made.make(kernel.tools(), LoopImage.in(home, kernel).path(), wanted);
      if (mustOwn) {
        try (ImageDevices.Device device =
            devices.open(operation, home, options, request.secrets())) {
          own(request, device.path());
        }
      }
      return;
    }
    try (Key key = Key.of(operation, options.encryption().get(), request.secrets());
        ImageDevices.Device device = devices.openNew(operation, home, options, key)) {
      device.during(
          () -> {
            made.make(kernel.tools(), device.path(), wanted);
            if (mustOwn) {
              own(request, device.path());
            }
          });
    }
  }

  private void own(CreateRequest request, Path device) throws ErrnoException, IOException {
    FileSystemMount made = fileSystem(device, LoopOptions.of(request.options()));
    kernel.mounts().inside(made, root -> DataDirectory.own(root, request.ownership()));
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    takeDown(new DriverOperation("remove", volume.name()), volume, home);
  }

  @Override
  public Path mount(MountRequest request) {
    DriverOperation operation = new DriverOperation("mount", request.volume().name());
    if (!mount.isMounted(operation, request.home())) {
      var _ = new DataDirectory(request.volume().name(), request.home()).require("mount");
      operation.run(() -> Resizing.discardCopy(request.home()));
      mount(operation, request, LoopOptions.of(request.options()));
    }
    return request.home().data();
  }

  private void mount(DriverOperation operation, MountRequest request, LoopOptions options) {
    VolumeHome home = request.home();
    operation.run(
        "cannot set up its device",
        () -> {
          try (ImageDevices.Device device =
              devices.open(operation, home, options, request.secrets())) {
            try {
              mount.mount(operation, home, fileSystem(device.path(), options));
            } catch (RuntimeException e) {
              DriverOperation.undo(
                  e, () -> operation.run("cannot close the mapping", device::abandon));
              throw e;
            }
          }
        });
  }

  static FileSystemMount fileSystem(Path device, LoopOptions options) {
    List<FileSystemOption> words =
        new ArrayList<>(options.fileSystem().mountOptions(options.manyWrites()));
    options.context().ifPresent(label -> words.add(FileSystemOption.of("context", label)));
    return new FileSystemMount(
        options.fileSystem().word(),
        device.toString(),
        options.noatime() ? Set.of(MountFlag.NOATIME) : Set.of(),
        words);
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    takeDown(new DriverOperation("unmount", volume.name()), volume, home);
  }

  private void takeDown(DriverOperation operation, Volume volume, VolumeHome home) {
    freezing.end(operation, home);
    mount.takeDown(operation, home);
    operation.run("cannot close the mapping", () -> devices.release(home, options(volume)));
  }

  @Override
  public Footprint footprint(Volume volume, VolumeHome home) {
    DriverOperation operation = new DriverOperation("measure", volume.name());
    if (mount.isMounted(operation, home)) {
      return new Footprint.Tree(home.data());
    }
    LoopImage image = LoopImage.in(home, kernel);
    return new Footprint.Image(
        new Size(operation.get("cannot measure the image", image::allocated)));
  }

  @Override
  public SortedMap<String, String> status(Volume volume, VolumeHome home) {
    DriverOperation operation = new DriverOperation("inspect", volume.name());
    SortedMap<String, String> status = new TreeMap<>();
    LoopImage image = LoopImage.in(home, kernel);
    status.put("Image", image.path().toString());
    if (Files.exists(image.path())) {
      long allocated = operation.get("cannot measure the image", image::allocated);
      status.put("Allocated", new Size(allocated).humanBinary());
    }
    mount.find(operation, home).ifPresent(found -> status.put("Device", found.source()));
    return status;
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    Path image = LoopImage.in(home, kernel).path();
    return new Storage(
        volume.options().text("fs").orElse("ext4"),
        "raw",
        volume.options().text("size").map(Size::parseBinary),
        image,
        !Files.exists(image));
  }

  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    return new Resizing(kernel, mount, devices, secrets).run(volume, home, options(volume), size);
  }

  @Override
  public void compact(Volume volume, VolumeHome home) {
    new Compacting(kernel, mount, devices).run(volume.name(), home, options(volume));
  }

  @Override
  public Size room(Volume volume, VolumeHome home) {
    LoopImage image = LoopImage.in(home, kernel);
    return new Size(
        new DriverOperation("compact", volume.name())
            .get("cannot measure the image", image::allocated));
  }

  @Override
  public Frozen freeze(Volume volume, VolumeHome home) {
    return freezing.freeze(new DriverOperation("freeze", volume.name()), home);
  }

  @Override
  public Optional<Copy> copy(Volume volume, VolumeHome home, Duration limit) {
    DriverOperation operation = new DriverOperation("freeze", volume.name());
    return new FrozenCopies(kernel, freezing, devices)
        .make(operation, home, options(volume), limit);
  }

  @Override
  public void cloneFrom(Volume source, VolumeHome home, CreateRequest request) {
    new LoopCloning(kernel, freezing, devices).run(home, request);
  }

  @Override
  public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
    new LoopSnapshots(kernel, freezing, devices)
        .make(new DriverOperation("snapshot create", volume.name()), home, snapshot);
  }

  @Override
  public Shown show(MountRequest request) {
    return new LoopSnapshots(kernel, freezing, devices)
        .show(new DriverOperation("show", request.volume().name()), request);
  }

  @Override
  public Examined examine(Volume volume, VolumeHome home, Duration limit) {
    DriverOperation operation = new DriverOperation("check", volume.name());
    LoopOptions options = options(volume);
    Path image = LoopImage.in(home, kernel).path();
    if (options.encryption().isPresent()) {
      return new Examined.Skipped("it is encrypted");
    }
    return operation.get(
        "cannot examine its file system",
        () -> new ImageExamination(kernel, volume.name(), image).of(options.fileSystem(), limit));
  }

  @Override
  public List<IdleDevice> idleDevices(Path volumes) {
    try {
      return new IdleDevices(kernel).of(volumes);
    } catch (IOException e) {
      throw FileFailures.failure("examine devices", volumes, e);
    }
  }

  @Override
  public void free(IdleDevice device) {
    try {
      new IdleDevices(kernel).free(device);
    } catch (ErrnoException | ToolException | IOException e) {
      throw new DriverFailed(
          "free", device.device().toString(), String.valueOf(e.getMessage()), null, e);
    }
  }
}
