package dev.keg.linux.image;

import static dev.keg.linux.image.ImageFailures.run;
import static dev.keg.linux.image.ImageFailures.translate;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.driver.Adopts;
import dev.keg.driver.Clones;
import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Renders;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.file.FileFailures;
import dev.keg.linux.driver.Extent;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.image.DiskSources.Source;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Volumes that are disk images. */
public final class ImageDriver implements VolumeDriver, Resizes, Compacts, Clones, Renders, Adopts {
  private final Kernel kernel;
  private final HostMount host;
  private final DiskSources sources;
  private final DiskChildren children;

  ImageDriver(Kernel kernel, NbdDevices nbd, VolumeHomes homes) {
    this.kernel = kernel;
    this.host = new HostMount(kernel, nbd);
    this.sources = new DiskSources(homes);
    this.children = new DiskChildren(homes);
  }

  /** Describes the driver, which works with the kernel that the function opens. */
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
    VolumeName name = options.volume();
    run(
        "create",
        name,
        () -> {
          switch (ImageOptions.of(options)) {
            case ImageOptions.Fresh _ -> {}
            case ImageOptions.Copy copy -> {
              Size _ = size(name, copy, sources.template(name, copy.from()));
            }
            case ImageOptions.Overlay overlay -> {
              Source backing = sources.backing(name, overlay.backing());
              Size _ = size(name, overlay, backing);
            }
          }
        });
  }

  @Override
  public void create(CreateRequest request) {
    refuseOwnership(request);
    VolumeName name = request.volume().name();
    run(
        "create",
        name,
        () -> {
          Files.createDirectory(request.home().data());
          make(request, new ImageMaker(kernel, request.home(), name.text()));
        });
  }

  private static void refuseOwnership(CreateRequest request) {
    if (!request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported(
          "create",
          request.volume().name().text(),
          "owner and mode are those of files on the disk, and the machine's to set");
    }
  }

  private void make(CreateRequest request, ImageMaker maker)
      throws IOException, ErrnoException, ToolException {
    VolumeName name = request.volume().name();
    switch (ImageOptions.of(request.options())) {
      case ImageOptions.Fresh fresh -> maker.fresh(fresh.shape(), fresh.fileSystem());
      case ImageOptions.Copy copy -> {
        Source source = still(sources.template(name, copy.from()));
        DiskFormat format = copy.format().orElse(ofCopy(source.file().format()));
        maker.copy(source, format, copy.kind(), size(name, copy, source));
      }
      case ImageOptions.Overlay overlay -> {
        Source source = still(sources.backing(name, overlay.backing()));
        maker.overlay(source, format(overlay, source), size(name, overlay, source));
      }
    }
  }

  /** A disk that nobody writes to now: what it is taken for would be neither old nor new. */
  private Source still(Source source) throws IOException {
    Path file = source.file().path();
    QemuLocks.refuseOpen(file, true);
    Path data = new VolumeHome(file.resolveSibling("")).data();
    boolean written = source.ofVolume() && !source.file().hasChildren();
    if (written && kernel.mounts().on(data).isPresent()) {
      throw new DiskException(file, "it is mounted; unmount it first");
    }
    return source;
  }

  private static DiskFormat ofCopy(DiskFormat source) {
    return source == DiskFormat.ISO ? DiskFormat.RAW : source;
  }

  private static DiskFormat format(ImageOptions.Overlay overlay, Source source) {
    DiskFormat usual =
        switch (source.file().format()) {
          case VHD, VHDX -> source.file().format();
          case RAW, QCOW2, ISO -> DiskFormat.QCOW2;
        };
    return overlay.format().orElse(usual);
  }

  private static Size size(VolumeName name, ImageOptions.Copy copy, Source source) {
    Size least = ImageOptions.whole(source.disk().size());
    return atLeast(name, copy.size().orElse(least), least);
  }

  private static Size size(VolumeName name, ImageOptions.Overlay overlay, Source source) {
    Size least = source.disk().size();
    Size wanted = atLeast(name, overlay.size().orElse(least), least);
    if (!wanted.equals(least) && format(overlay, source) != DiskFormat.QCOW2) {
      throw new InvalidOption(
          name.text(),
          "invalid size: it is its backing disk's, " + least.humanBinary(),
          "only a qcow2 disk can be larger than what it is built on");
    }
    return wanted;
  }

  private static Size atLeast(VolumeName name, Size wanted, Size least) {
    if (wanted.compareTo(least) < 0) {
      throw new InvalidOption(
          name.text(),
          "invalid size: what it begins with holds " + least.humanBinary(),
          "size wants at least that");
    }
    return wanted;
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
    run("mount", name, () -> host.mount(file, children.has(file, home), home));
    return home.data();
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    hide("unmount", volume, home);
  }

  private void hide(String operation, Volume volume, VolumeHome home) {
    run(operation, volume.name(), () -> host.unmount(DiskFile.in(home), home));
  }

  private static DiskFile disk(String operation, VolumeName name, VolumeHome home) {
    return translate(operation, name, () -> DiskFile.in(home))
        .filter(file -> Files.exists(file.path()))
        .orElseThrow(() -> new DriverFailed(operation, name.text(), "its disk is gone"));
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

  /** The link that stands for the disk has its format in its name, as the disk itself would. */
  @Override
  public void adopt(Path existing, CreateRequest request) {
    VolumeHome home = request.home();
    DiskFormat format = DiskFormat.ofWord(request.options().require("format")).orElseThrow();
    run(
        "adopt",
        request.volume().name(),
        () -> {
          Files.createDirectory(home.data());
          Files.createSymbolicLink(DiskFile.of(home, format).path(), existing);
        });
  }

  @Override
  public Optional<Path> elsewhere(Volume volume, VolumeHome home) {
    return translate("inspect", volume.name(), () -> DiskFile.in(home))
        .filter(file -> file.isAdopted(home))
        .map(DiskFile::path);
  }

  @Override
  public List<Path> foundations(Volume volume, VolumeHome home) {
    return translate("look at", volume.name(), () -> DiskChildren.foundations(home));
  }

  @Override
  public List<VolumeName> dependents(Volume volume, VolumeHome home) {
    return translate(
        "look at",
        volume.name(),
        () -> {
          Optional<DiskFile> file = DiskFile.in(home);
          return file.isPresent() ? children.byPath(file.get(), home) : List.of();
        });
  }

  /** What the disk takes up, whatever it holds. */
  @Override
  public Size usage(Volume volume, VolumeHome home) {
    DiskFile file = disk("measure", volume.name(), home);
    return translate(
        "measure",
        volume.name(),
        () ->
            new Size(
                Extent.of(file.path(), kernel.files()).stream().mapToLong(Extent::length).sum()));
  }

  /** The disk grows; the file system on it is the machine's to grow. */
  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    VolumeName name = volume.name();
    DiskFile file = disk("resize", name, home);
    Size wanted = ImageOptions.whole(size);
    run("resize", name, () -> new Growth(kernel, children, name).to(wanted, file, home));
    return volume.options().with("size", Long.toString(wanted.bytes()));
  }

  /** Blocks of zeros are what it does not need: a machine that trims its disk leaves such. */
  @Override
  public void compact(Volume volume, VolumeHome home) {
    VolumeName name = volume.name();
    DiskFile file = disk("compact", name, home);
    run("compact", name, () -> new Compaction(kernel, children, name).of(file, home));
  }

  @Override
  public Size room(Volume volume, VolumeHome home) {
    return usage(volume, home);
  }

  @Override
  public void cloneFrom(VolumeHome source, CreateRequest request) {
    VolumeName name = request.volume().name();
    run(
        "clone",
        name,
        () -> {
          Files.createDirectory(request.home().data());
          ImageMaker maker = new ImageMaker(kernel, request.home(), name.text());
          DiskFile file = disk("clone", name, source);
          QemuLocks.refuseOpen(file.path(), true);
          if (file.isAdopted(source)) {
            copyAdopted(maker, file);
          } else {
            maker.twin(source);
          }
        });
  }

  // What it is built on it may know by names that lead elsewhere from here.
  private static void copyAdopted(ImageMaker maker, DiskFile file)
      throws IOException, ErrnoException, ToolException {
    Disk disk = Disk.of(file.path(), file.format());
    if (disk.parent().isPresent()) {
      throw new DiskException(file.path(), "it is built on another disk");
    }
    maker.copy(new Source(file, disk, true), file.format(), DiskKind.DYNAMIC, disk.size());
  }

  @Override
  public MachineDisk machineDisk(Volume volume, VolumeHome home) {
    DiskFile file = disk("render", volume.name(), home);
    return translate(
        "render",
        volume.name(),
        () ->
            new MachineDisk(
                file.path(),
                format(file),
                file.format() == DiskFormat.ISO || children.has(file, home)));
  }

  private static String why(IOException e) {
    return e instanceof DiskException disk ? disk.why() : FileFailures.reason(e);
  }

  private static String format(DiskFile file) {
    return file.format() == DiskFormat.ISO ? DiskFormat.RAW.word() : file.format().word();
  }

  /** A disk that cannot be read is told here too: looking at a volume does not fail for it. */
  @Override
  public SortedMap<String, String> status(Volume volume, VolumeHome home) {
    SortedMap<String, String> status = new TreeMap<>();
    translate("inspect", volume.name(), () -> DiskFile.in(home))
        .ifPresent(
            file -> {
              status.put("disk", file.path().toString());
              status.put("format", file.format().word());
              try {
                Disk disk = Disk.of(file.path(), file.format());
                status.put("size", disk.size().humanBinary());
              } catch (IOException e) {
                status.put("unreadable", why(e));
              }
            });
    return status;
  }
}
