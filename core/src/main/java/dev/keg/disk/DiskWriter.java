package dev.keg.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Creates images. The new file is complete and synced when a method returns, and removed when it
 * throws. The caller syncs the directory.
 */
public final class DiskWriter {
  private final Supplier<UUID> ids;
  private final Clock clock;

  /** The ids and the clock are for identities and for the time stamps of VHD. */
  public DiskWriter(Supplier<UUID> ids, Clock clock) {
    this.ids = ids;
    this.clock = clock;
  }

  /** Creates an empty disk without a parent. */
  public void blank(Path file, BlankDisk disk) throws IOException {
    write(file, image -> write(image, disk, Optional.empty()));
  }

  /** Creates a disk with the content of a raw image, which must not be larger. */
  public void filled(Path file, BlankDisk disk, DiskContent contents) throws IOException {
    if (contents.end() > disk.size().bytes()) {
      throw new DiskException(contents.raw(), "it is larger than the new disk");
    }
    write(file, image -> write(image, disk, Optional.of(contents)));
  }

  private void write(ImageFile image, BlankDisk disk, Optional<DiskContent> contents)
      throws IOException {
    long size = disk.size().bytes();
    switch (disk.format()) {
      case RAW -> {
        image.extend(size);
        if (contents.isPresent()) {
          contents.get().into(image, Long.MAX_VALUE, at -> at);
        }
      }
      case VHD ->
          new VhdWriter(image)
              .write(VhdFooter.fresh(disk.kind(), size, ids.get(), clock.instant()), contents);
      case VHDX -> {
        int block = VhdxLayout.defaultBlockSize(size);
        var layout = new VhdxLayout(size, block, disk.sectorSize(), false);
        VhdxWriter writer = new VhdxWriter(image, ids);
        writer.write(layout, disk.kind(), Optional.empty());
        if (contents.isPresent()) {
          writer.fill(layout, disk.kind(), contents.get());
        }
      }
      case LUKS, QCOW2, ISO -> throw new IllegalArgumentException(disk.format().word());
    }
  }

  /**
   * Creates a disk that stores only the differences from its parent, in the parent's format and
   * size. The parent must not change any more; the child refers to it by a relative path.
   */
  public void differencing(Path file, Path parent) throws IOException {
    Disk base = DiskChain.of(parent).top();
    switch (base.format()) {
      case VHD -> {
        VhdFooter footer = footer(parent);
        var own = VhdFooter.fresh(DiskKind.DIFFERENCING, footer.size(), ids.get(), clock.instant());
        write(file, image -> new VhdWriter(image).differencing(own, parent, footer));
      }
      case VHDX -> {
        long size = base.size().bytes();
        int block = VhdxLayout.defaultBlockSize(size);
        var layout = new VhdxLayout(size, block, base.sectorSize(), true);
        Optional<ParentLink> link =
            base.linkage().map(linkage -> ParentLink.to(parent, DiskFormat.VHDX, linkage, file));
        write(file, image -> new VhdxWriter(image, ids).write(layout, DiskKind.DIFFERENCING, link));
      }
      case RAW, LUKS, QCOW2, ISO ->
          throw new DiskException(
              parent, "a %s disk cannot be a parent here".formatted(base.format().word()));
    }
  }

  private static VhdFooter footer(Path file) throws IOException {
    try (ImageFile image = ImageFile.open(file)) {
      return new VhdReader(image).footer();
    }
  }

  @FunctionalInterface
  private interface Content {
    void into(ImageFile image) throws IOException;
  }

  private static void write(Path file, Content content) throws IOException {
    ImageFile image = ImageFile.create(file);
    try (image) {
      content.into(image);
      image.force();
    } catch (IOException | RuntimeException e) {
      delete(file, e);
      throw e;
    }
  }

  private static void delete(Path file, Exception cause) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
