package dev.keg.linux.image;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverOptions;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.image.DiskSources.Source;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Decides the format and size of a new volume's disk, and which disk it may be based on. */
record NewDisk(Kernel kernel, DiskSources sources) {
  /** Checks the options as far as possible before the disk is created. */
  void check(DriverOptions options) throws IOException {
    VolumeName name = options.volume();
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
  }

  void make(CreateRequest request) throws IOException, ErrnoException, ToolException {
    VolumeName name = request.volume().name();
    DriverOperation operation = new DriverOperation("create", name);
    try (QemuKey key = QemuKey.ofNew(operation, request.options(), request.secrets())) {
      make(request, maker(request, key));
    }
  }

  private void make(CreateRequest request, ImageMaker maker)
      throws IOException, ErrnoException, ToolException {
    VolumeName name = request.volume().name();
    switch (ImageOptions.of(request.options())) {
      case ImageOptions.Fresh fresh -> maker.fresh(fresh.shape(), fresh.fileSystem());
      case ImageOptions.Copy copy -> {
        Source source = unchanging(sources.template(name, copy.from()));
        DiskFormat format = copy.format().orElse(writable(source.file().format()));
        maker.copy(source, format, copy.kind(), size(name, copy, source));
      }
      case ImageOptions.Overlay overlay -> {
        Source source = unchanging(sources.backing(name, overlay.backing()));
        maker.overlay(source, format(overlay, source), size(name, overlay, source));
      }
    }
  }

  /** Copies another volume's disk. */
  void cloneOf(DiskFile disk, VolumeHome source, CreateRequest request)
      throws IOException, ErrnoException, ToolException {
    QemuLocks.refuseOpen(disk.path(), true);
    // An encrypted copy has the key of its source.
    ImageMaker maker = maker(request, QemuKey.NONE);
    if (disk.isAdopted(source)) {
      copyAdopted(maker, disk);
    } else {
      maker.twin(source);
    }
    if (ImageOptions.isFixed(request.volume())) {
      kernel.fill(DiskFile.in(request.home()).orElseThrow().path());
    }
  }

  // A disk may name its base by a relative path, which would not resolve from here.
  private static void copyAdopted(ImageMaker maker, DiskFile file)
      throws IOException, ErrnoException, ToolException {
    Disk disk = Disk.of(file.path(), file.format());
    if (disk.parent().isPresent()) {
      throw new DiskException(file.path(), "it is built on another disk");
    }
    maker.copy(new Source(file, disk, true), file.format(), DiskKind.DYNAMIC, disk.size());
  }

  private ImageMaker maker(CreateRequest request, QemuKey key) throws IOException {
    Files.createDirectory(request.home().data());
    return new ImageMaker(kernel, request.home(), request.volume().name().text(), key);
  }

  /** Refuses a disk that is being written: a copy of it would be inconsistent. */
  private Source unchanging(Source source) throws IOException {
    Path file = source.file().path();
    QemuLocks.refuseOpen(file, true);
    Path data = new VolumeHome(file.resolveSibling("")).data();
    boolean writable = source.ofVolume() && !source.file().hasChildren();
    if (writable && kernel.mounts().on(data).isPresent()) {
      throw new DiskException(file, "it is mounted; unmount it first");
    }
    return source;
  }

  private static DiskFormat writable(DiskFormat source) {
    return source == DiskFormat.ISO ? DiskFormat.RAW : source;
  }

  private static DiskFormat format(ImageOptions.Overlay overlay, Source source) {
    DiskFormat usual =
        switch (source.file().format()) {
          case VHD, VHDX -> source.file().format();
          case RAW, LUKS, QCOW2, ISO -> DiskFormat.QCOW2;
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
          "invalid size: the disk must be as large as its backing disk, " + least.humanBinary(),
          "only a qcow2 disk can be larger than its backing disk");
    }
    return wanted;
  }

  private static Size atLeast(VolumeName name, Size wanted, Size least) {
    if (wanted.compareTo(least) < 0) {
      throw new InvalidOption(
          name.text(),
          "invalid size: smaller than the source disk, " + least.humanBinary(),
          "give at least that size");
    }
    return wanted;
  }
}
