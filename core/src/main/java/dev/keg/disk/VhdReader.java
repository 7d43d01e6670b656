package dev.keg.disk;

import dev.keg.volume.Size;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Reads VHD images: the footer at the end or, if it is lost, the copy at the beginning. */
final class VhdReader {
  private static final int SECTOR = 512;

  private final ImageFile image;

  VhdReader(ImageFile image) {
    this.image = image;
  }

  Disk read() throws IOException {
    VhdFooter footer = footer();
    if (footer.size() < 0) {
      throw image.broken("the size in this vhd is damaged");
    }
    return switch (footer.kind()) {
      case FIXED -> fixed(footer);
      case DYNAMIC -> disk(footer, Optional.empty(), OptionalLong.empty());
      case DIFFERENCING -> disk(footer, Optional.of(parent()), OptionalLong.empty());
    };
  }

  VhdFooter footer() throws IOException {
    Optional<VhdFooter> last = VhdFooter.atEnd(image);
    if (last.isPresent()) {
      return last.get();
    }
    if (image.length() < VhdFooter.LENGTH) {
      throw image.broken("it is too short for a vhd");
    }
    return VhdFooter.decode(image.read(0, VhdFooter.LENGTH))
        .filter(footer -> footer.kind() != DiskKind.FIXED)
        .orElseThrow(() -> image.broken("both footers of this vhd are damaged"));
  }

  private Disk fixed(VhdFooter footer) throws IOException {
    if (footer.size() > image.length() - VhdFooter.LENGTH) {
      throw image.broken("it is shorter than the disk that it holds");
    }
    return disk(footer, Optional.empty(), OptionalLong.of(0));
  }

  private ParentLink parent() throws IOException {
    VhdHeader header = VhdHeader.read(image);
    return new ParentLink(
        Optional.of(DiskFormat.VHD),
        Optional.of(header.parent()),
        header.place(VhdHeader.WINDOWS_RELATIVE),
        header.place(VhdHeader.WINDOWS_ABSOLUTE));
  }

  private static Disk disk(VhdFooter footer, Optional<ParentLink> parent, OptionalLong contiguous) {
    Optional<UUID> id = Optional.of(footer.id());
    return new Disk(
        DiskFormat.VHD,
        footer.kind(),
        new Size(footer.size()),
        SECTOR,
        id,
        id,
        parent,
        contiguous,
        false);
  }
}
