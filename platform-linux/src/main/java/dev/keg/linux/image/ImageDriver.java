package dev.keg.linux.image;

import static dev.keg.linux.image.DiskUse.disk;
import static dev.keg.linux.image.DiskUse.with;

import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskFormat;
import dev.keg.driver.Adopts;
import dev.keg.driver.Clones;
import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.Disks;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Examines;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Renders;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/** Volumes that are disk images. */
public final class ImageDriver
    implements VolumeDriver,
        Resizes,
        Compacts,
        Clones,
        Snapshots,
        Renders,
        Disks,
        Adopts,
        Examines {
  private final Kernel kernel;
  private final HostMount host;
  private final NewDisk newDisk;
  private final DiskChildren children;
  private final NbdDevices nbd;

  ImageDriver(Kernel kernel, NbdDevices nbd, VolumeHomes homes) {
    this.kernel = kernel;
    this.nbd = nbd;
    this.host = new HostMount(kernel, nbd);
    this.newDisk = new NewDisk(kernel, new DiskSources(homes));
    this.children = new DiskChildren(homes);
  }

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return factory(kernel, NbdDevices.Host.SYSTEM);
  }

  static DriverFactory factory(Function<DriverContext, Kernel> kernel, NbdDevices.Host host) {
    return new DriverFactory(
        "image",
        "a disk image for a virtual machine",
        ImageOptions.KNOWN,
        context -> {
          Kernel opened = kernel.apply(context);
          return new ImageDriver(opened, new NbdDevices(opened.tools(), host), context.homes());
        });
  }

  @Override
  public void validate(DriverOptions options) {
    new DriverOperation("create", options.volume()).run(() -> newDisk.check(options));
    var _ = DiskPlace.of(options);
  }

  @Override
  public void create(CreateRequest request) {
    VolumeName name = request.volume().name();
    if (!request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported(
          "create",
          name.text(),
          "owner and mode belong to the files on the disk; set them in the machine");
    }
    Optional<DiskPlace> place = DiskPlace.of(request.options());
    new DriverOperation("create", name)
        .run(
            () -> {
              newDisk.make(request);
              if (place.isPresent()) {
                DiskFile made = disk("create", name, request.home());
                place.get().take(made, request.home(), request.options());
              }
            });
  }

  @Override
  public void takeBack(Volume volume, VolumeHome home) {
    new DriverOperation("create", volume.name())
        .run(
            () -> {
              Optional<DiskFile> file = DiskFile.in(home).filter(disk -> disk.isAdopted(home));
              if (file.isPresent()) {
                Files.deleteIfExists(file.get().path());
              }
            });
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    hide("remove", volume, home);
  }

  @Override
  public Path mount(MountRequest request) {
    VolumeName name = request.volume().name();
    VolumeHome home = request.home();
    DiskFile file = disk("mount", name, home);
    DriverOperation operation = new DriverOperation("mount", name);
    operation.run(
        () -> {
          if (!host.isMounted(home)) {
            try (QemuKey key = QemuKey.of(operation, file, request.options(), request.secrets())) {
              host.mount(file, children.has(file, home), home, key);
            }
          }
        });
    return home.data();
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    hide("unmount", volume, home);
  }

  private void hide(String operation, Volume volume, VolumeHome home) {
    new DriverOperation(operation, volume.name()).run(() -> host.unmount(DiskFile.in(home), home));
  }

  @Override
  public Optional<Options> optionsFor(Path existing) throws IOException {
    if (!Files.isRegularFile(existing)) {
      return Optional.empty();
    }
    DiskFormat format = DiskFormat.recognise(existing);
    var _ = DiskChain.of(existing, format);
    return Optional.of(Options.NONE.with("format", format.word()));
  }

  @Override
  public void adopt(Path existing, CreateRequest request) {
    DiskFormat format = DiskFormat.ofWord(request.options().require("format")).orElseThrow();
    new DriverOperation("adopt", request.volume().name())
        .run(() -> DiskFile.adopt(request.home(), existing, format));
  }

  @Override
  public Optional<Path> elsewhere(Volume volume, VolumeHome home) {
    return new DriverOperation("inspect", volume.name())
        .get(() -> DiskFile.in(home))
        .filter(file -> file.isAdopted(home))
        .map(DiskFile::path);
  }

  @Override
  public List<Path> foundations(Volume volume, VolumeHome home) {
    return new DriverOperation("read", volume.name()).get(() -> DiskChildren.foundations(home));
  }

  @Override
  public List<VolumeName> dependents(Volume volume, VolumeHome home) {
    return new DriverOperation("read", volume.name())
        .get(
            () -> {
              Optional<DiskFile> file = DiskFile.in(home);
              return file.isPresent() ? children.byPath(file.get(), home) : List.of();
            });
  }

  /** The space that the disk takes on the host, whatever it contains. */
  @Override
  public Footprint footprint(Volume volume, VolumeHome home) {
    return new Footprint.Image(room(volume, home));
  }

  @Override
  public Size room(Volume volume, VolumeHome home) {
    return with("measure", volume, home, file -> new Size(kernel.files().occupied(file.path())));
  }

  /** Grows only the disk; the machine must then grow the file system on it. */
  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    VolumeName name = volume.name();
    DiskFile file = disk("resize", name, home);
    Size wanted = ImageOptions.whole(size);
    DriverOperation operation = new DriverOperation("resize", name);
    operation.run(
        () -> {
          try (QemuKey key = QemuKey.of(operation, file, options(volume), secrets)) {
            new Growth(kernel, children, volume).to(wanted, file, home, key);
          }
        });
    return volume.options().with("size", Long.toString(wanted.bytes()));
  }

  private static DriverOptions options(Volume volume) {
    return DriverOptions.of(volume.name(), volume.options(), ImageOptions.KNOWN);
  }

  /** Frees blocks of zeros, such as those that remain after a machine trims its disk. */
  @Override
  public void compact(Volume volume, VolumeHome home) {
    VolumeName name = volume.name();
    DiskFile file = disk("compact", name, home);
    new DriverOperation("compact", name)
        .run(() -> new Compaction(kernel, children, volume).of(file, home));
  }

  @Override
  public void cloneFrom(Volume volume, VolumeHome source, CreateRequest request) {
    VolumeName name = request.volume().name();
    DiskFile file = disk("clone", name, source);
    new DriverOperation("clone", name).run(() -> newDisk.cloneOf(file, source, request));
  }

  @Override
  public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
    String operation = "snapshot create";
    DiskFile file = disk(operation, volume.name(), home);
    new DriverOperation(operation, volume.name())
        .run(() -> new DiskSnapshots(kernel).make(file, home, snapshot));
  }

  @Override
  public Optional<String> whyNotShown(Volume volume, VolumeHome snapshot) {
    return with("show", volume, snapshot, new DiskSnapshots(kernel)::whyNotShown);
  }

  @Override
  public Shown show(MountRequest request) {
    return with(
        "show",
        request.volume(),
        request.home(),
        file -> new DiskSnapshots(kernel).show(file, request.home()));
  }

  @Override
  public MachineDisk machineDisk(Volume volume, VolumeHome home) {
    return with(
        "open",
        volume,
        home,
        file ->
            new MachineDisk(
                file.path(),
                file.machineFormat(),
                file.format() == DiskFormat.ISO || children.has(file, home),
                QemuKey.fileOf(file, options(volume))));
  }

  private WholeDisk whole(Volume volume) {
    return new WholeDisk(kernel, nbd, children, volume.name());
  }

  @Override
  public Optional<String> whyNoFiles(Volume volume, VolumeHome home) {
    return with("backup", volume, home, file -> whole(volume).whyNoFiles(file));
  }

  @Override
  public OpenDisk openDisk(Volume volume, VolumeHome home) {
    return with("backup", volume, home, file -> whole(volume).open(file, home));
  }

  @Override
  public OpenDisk emptyCopy(Volume volume, VolumeHome home) {
    return with(
        "backup", volume, home, file -> new DiskCopies(kernel).make(file, home, file.format()));
  }

  @Override
  public OpenDisk emptyChanges(Volume volume, VolumeHome home) {
    return with(
        "backup", volume, home, file -> new DiskCopies(kernel).make(file, home, DiskFormat.QCOW2));
  }

  @Override
  public Optional<Path> abandonedCopy(Volume volume, VolumeHome home) {
    return with("check", volume, home, file -> new DiskCopies(kernel).abandoned(file, home));
  }

  @Override
  public void removeAbandonedCopy(Volume volume, VolumeHome home) {
    DiskFile file = disk("check", volume.name(), home);
    new DriverOperation("check", volume.name())
        .run(() -> new DiskCopies(kernel).removeAbandoned(file, home));
  }

  @Override
  public Size copyRoom(Volume volume, VolumeHome home) {
    Size own = room(volume, home);
    return new DriverOperation("backup", volume.name())
        .get(() -> new DiskCopies(kernel).room(own, home));
  }

  @Override
  public void replaceDisk(Volume volume, VolumeHome home, Path stage) {
    new DriverOperation("restore", volume.name()).run(() -> whole(volume).replace(home, stage));
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return new DriverOperation("inspect", volume.name())
        .get(() -> new DiskStorage(volume).of(home));
  }

  @Override
  public SortedMap<String, String> status(Volume volume, VolumeHome home) {
    return new DriverOperation("inspect", volume.name()).get(() -> DiskStorage.status(home));
  }

  @Override
  public Examined examine(Volume volume, VolumeHome home, Duration limit) {
    DiskFile file = disk("check", volume.name(), home);
    return new DriverOperation("check", volume.name())
        .get(
            "cannot examine its disk",
            () -> new DiskExamination(kernel, volume.name(), file).run(limit));
  }
}
