package dev.keg.windows.vhdx;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.LinkedParents;
import dev.keg.driver.Adopts;
import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Renders;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Storage;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.windows.driver.ReleasingDriver;
import dev.keg.windows.driver.ShownDisk;
import dev.keg.windows.driver.WindowsOperation;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.VirtualDisks.Access;
import dev.keg.windows.win32.VirtualDisks.Effort;
import dev.keg.windows.win32.VolumeGuidPath;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A volume that is a VHDX file in its home, or an adopted VHDX or VHD file. A volume with children
 * is mounted read-only as long as they exist, because a change to it would break them.
 */
public final class VhdxDriver implements ReleasingDriver, Resizes, Compacts.Fully, Renders, Adopts {
  private final Windows windows;
  private final VolumeHomes homes;

  private VhdxDriver(Windows windows, VolumeHomes homes) {
    this.windows = windows;
    this.homes = homes;
  }

  /** The driver's factory; the supplier loads the libraries that the driver uses. */
  public static DriverFactory factory(Supplier<Dlls> dlls) {
    return new DriverFactory(
        "vhdx",
        "a virtual disk of Windows, with a file system of its own",
        VhdxOptions.KNOWN,
        context -> new VhdxDriver(new Windows(dlls.get(), context.debug()), context.homes()));
  }

  @Override
  public void validate(DriverOptions options) {
    switch (VhdxOptions.of(options)) {
      case VhdxOptions.Fresh _ -> {}
      case VhdxOptions.Child child -> parent(options.volume(), child);
    }
  }

  @Override
  public void create(CreateRequest request) {
    WindowsOperation.createDataDirectory(request);
    new WindowsOperation("create", request.volume().name()).run(() -> createDisk(request));
  }

  private void createDisk(CreateRequest request) throws Win32Exception, IOException {
    VolumeName name = request.volume().name();
    Path file = VhdxFile.of(request.home());
    switch (VhdxOptions.of(request.options())) {
      case VhdxOptions.Fresh fresh -> {
        String _ = windows.security().descriptor(fresh.grants());
        windows.disks().create(file, fresh.disk(), fresh.blockSize());
        new ShownDisk(windows, file, request.home().data())
            .format(
                fresh.format(),
                name.text(),
                fresh.grants(),
                volume -> prepare(request, fresh, volume));
      }
      case VhdxOptions.Child child -> differencing(name, file, parent(name, child));
    }
  }

  private void prepare(CreateRequest request, VhdxOptions.Fresh fresh, VolumeGuidPath volume)
      throws Win32Exception, IOException {
    if (fresh.integrity()) {
      windows.volumes().protectFromRot(volume);
    }
    if (fresh.encrypted()) {
      new VhdxEncryption(windows, "create", request.options(), request.secrets())
          .encrypt(volume, request.home());
    }
  }

  /** Deletes the recovery key, which is useless without the disk. */
  @Override
  public void takeBack(Volume volume, VolumeHome home) {
    new WindowsOperation("create", volume.name()).run(() -> VhdxEncryption.takeBack(home));
  }

  /** The disk file of a parent, and whether it belongs to a volume. */
  private record Parent(Path file, boolean ofVolume) {}

  private void differencing(VolumeName name, Path file, Parent parent)
      throws Win32Exception, IOException {
    if (windows.disks().attached(parent.file()).isPresent()) {
      throw new DriverFailed(
          "create",
          name.text(),
          "its parent is mounted: " + parent.file(),
          "unmount it first: it must not change while the volume is made from it",
          null);
    }
    Path home = file.resolveSibling("");
    Path base =
        parent.ofVolume()
            ? LinkedParents.into(home, parent.file(), DiskFormat.VHDX)
            : parent.file();
    windows.disks().differencing(file, base);
  }

  private Parent parent(VolumeName name, VhdxOptions.Child child) {
    String text = child.parent();
    Parent parent =
        VolumeName.lookup(text)
            .flatMap(homes::find)
            .map(home -> disk("create", name, home))
            .map(disk -> new Parent(disk.path(), !disk.adopted()))
            .orElseGet(() -> elsewhere(name, text));
    if (!Files.isRegularFile(parent.file())) {
      throw new InvalidOption(
          name.text(),
          "invalid parent: '" + text + "'",
          "the parent is a volume of driver vhdx or the path of a .vhdx file");
    }
    return parent;
  }

  private static Parent elsewhere(VolumeName name, String text) {
    try {
      return new Parent(Path.of(text).toAbsolutePath(), false);
    } catch (InvalidPathException e) {
      throw new InvalidOption(
          name.text(), "invalid parent: '" + text + "': " + e.getReason(), null);
    }
  }

  @Override
  public Path mount(MountRequest request) {
    VolumeName name = request.volume().name();
    VolumeHome home = request.home();
    VhdxFile disk = disk("mount", name, home);
    new WindowsOperation("mount", name)
        .run(
            () ->
                new ShownDisk(windows, disk.path(), home.data())
                    .show(
                        request.readOnly() || disk.hasChildren(windows, homes)
                            ? Access.READ_ONLY
                            : Access.READ_WRITE,
                        new VhdxEncryption(windows, "mount", request.options(), request.secrets())
                            ::unlock));
    return home.data();
  }

  @Override
  public void release(String operation, Volume volume, VolumeHome home, boolean force) {
    VhdxFile disk = disk(operation, volume.name(), home);
    new WindowsOperation(operation, volume.name())
        .run(() -> new ShownDisk(windows, disk.path(), home.data()).hide(force));
  }

  static VhdxFile disk(String operation, VolumeName volume, VolumeHome home) {
    return new WindowsOperation(operation, volume).get(() -> VhdxFile.in(home));
  }

  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    return new VhdxUpkeep(windows, homes).resize(volume, home, size, secrets);
  }

  @Override
  public void compact(Volume volume, VolumeHome home) {
    new VhdxUpkeep(windows, homes).compact(volume.name(), home, Effort.QUICK);
  }

  @Override
  public void compactFully(Volume volume, VolumeHome home) {
    new VhdxUpkeep(windows, homes).compact(volume.name(), home, Effort.FULL);
  }

  @Override
  public Size room(Volume volume, VolumeHome home) throws IOException {
    return new Size(Files.size(VhdxFile.in(home).path()));
  }

  @Override
  public MachineDisk machineDisk(Volume volume, VolumeHome home) {
    VhdxFile disk = disk("open", volume.name(), home);
    return new WindowsOperation("open", volume.name())
        .get(
            () ->
                new MachineDisk(
                    disk.path(), disk.format().word(), disk.hasChildren(windows, homes)));
  }

  @Override
  public List<Path> foundations(Volume volume, VolumeHome home) {
    return new WindowsOperation("inspect", volume.name())
        .get(() -> VhdxFile.in(home).foundations());
  }

  @Override
  public Optional<Options> optionsFor(Path existing) throws IOException {
    if (!Files.isRegularFile(existing)) {
      return Optional.empty();
    }
    var _ = VhdxFile.recognise(existing);
    return Optional.of(Options.NONE);
  }

  @Override
  public void adopt(Path existing, CreateRequest request) {
    new WindowsOperation("adopt", request.volume().name())
        .run(
            () -> {
              Files.createDirectory(request.home().data());
              VhdxFile.adopt(existing, request.home());
            });
  }

  @Override
  public Optional<Path> elsewhere(Volume volume, VolumeHome home) {
    return Optional.of(disk("inspect", volume.name(), home))
        .filter(VhdxFile::adopted)
        .map(VhdxFile::path);
  }

  @Override
  public List<VolumeName> dependents(Volume volume, VolumeHome home) {
    return new WindowsOperation("inspect", volume.name())
        .get(() -> VhdxFile.in(home).children(homes));
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    VhdxFile file = disk("inspect", volume.name(), home);
    boolean made = !file.adopted() && !volume.options().has("parent");
    return new Storage(
            made ? volume.options().text("fs").orElse("ntfs") : "",
            file.format().word(),
            Optional.empty(),
            file.path(),
            !Files.exists(file.path()))
        .limitedBy(volume.options());
  }

  /** Reads the file's header itself, so that {@code inspect} loads no native library. */
  @Override
  public SortedMap<String, String> status(Volume volume, VolumeHome home) {
    SortedMap<String, String> status = new TreeMap<>();
    VhdxFile file = disk("inspect", volume.name(), home);
    status.put("disk", file.path().toString());
    try {
      Disk disk = file.read();
      status.put("type", disk.kind().word());
      status.put("size", disk.size().humanBinary());
    } catch (IOException e) {
      // While the disk is attached, Windows may prevent others from reading the file.
      status.put("unreadable", String.valueOf(e.getMessage()));
    }
    return status;
  }
}
