package dev.keg.disk.content;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.ImageFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A disk as a machine reads it: sectors missing in an image come from its parent, or are zeros. */
final class GuestDisk implements Closeable {
  private static final int SECTOR = 512;

  private final List<ImageFile> files = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();

  /** One image of the chain. */
  @FunctionalInterface
  interface Layer {
    /**
     * Reads one sector.
     *
     * @return false if this image does not contain it
     */
    boolean read(long at, ByteBuffer sector) throws IOException;
  }

  private GuestDisk() {}

  static GuestDisk open(Path file, DiskFormat format) throws IOException {
    GuestDisk disk = new GuestDisk();
    try {
      for (DiskChain.Link link : DiskChain.of(file, format).links()) {
        disk.add(link);
      }
      return disk;
    } catch (IOException | RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  private void add(DiskChain.Link link) throws IOException {
    ImageFile image = ImageFile.open(link.file());
    files.add(image);
    layers.add(layer(image, link.disk()));
  }

  private static Layer layer(ImageFile image, Disk disk) throws IOException {
    return switch (disk.format()) {
      case RAW, ISO -> (at, sector) -> copy(image, at, sector);
      case LUKS -> throw image.broken("it is encrypted");
      case QCOW2 -> new Qcow2Layer(image);
      case VHD ->
          disk.contiguous().isPresent()
              ? (at, sector) -> copy(image, at, sector)
              : new VhdLayer(image);
      case VHDX -> {
        if (disk.unclean()) {
          throw image.broken("its log must be replayed");
        }
        yield new VhdxLayer(image);
      }
    };
  }

  /** Copies a sector of the file; zeros past its end. */
  static boolean copy(ImageFile image, long at, ByteBuffer sector) throws IOException {
    if (at > image.length() - sector.capacity()) {
      return false;
    }
    sector.put(image.read(at, sector.capacity())).flip();
    return true;
  }

  /** Little-endian. Position and length are whole sectors. */
  ByteBuffer read(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < length; done += SECTOR) {
      bytes.put(sector(at + done));
    }
    return bytes.flip();
  }

  private ByteBuffer sector(long at) throws IOException {
    for (Layer layer : layers) {
      ByteBuffer sector = ByteBuffer.allocate(SECTOR);
      if (layer.read(at, sector)) {
        return sector;
      }
    }
    return ByteBuffer.allocate(SECTOR);
  }

  @Override
  public void close() throws IOException {
    for (ImageFile file : files) {
      file.close();
    }
  }
}
