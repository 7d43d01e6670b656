package dev.keg.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes VHD images. Fixed: the data, then the footer. Otherwise: footer, header, block table,
 * texts of the locators, footer again; a block that is not in the table was never written.
 */
final class VhdWriter {
  private static final int BLOCK = 2 << 20;

  /** A bit for each sector of a block. */
  private static final int BITMAP = BLOCK / VhdFooter.LENGTH / Byte.SIZE;

  private static final long TABLE_AT = VhdFooter.LENGTH + VhdHeader.LENGTH;

  private final ImageFile image;

  VhdWriter(ImageFile image) {
    this.image = image;
  }

  void write(VhdFooter footer, Optional<DiskContent> contents) throws IOException {
    if (footer.kind() == DiskKind.FIXED) {
      image.write(footer.size(), footer.encode());
      if (contents.isPresent()) {
        contents.get().into(image, Long.MAX_VALUE, at -> at);
      }
      return;
    }
    Sparse sparse = sparse(footer, Collections.emptyMap(), Optional.empty());
    if (contents.isPresent()) {
      fill(footer, sparse, contents.get());
    }
  }

  /** Blocks start at the position of the last footer, each after its sector bitmap. */
  private void fill(VhdFooter footer, Sparse sparse, DiskContent contents) throws IOException {
    byte[] bitmap = new byte[BITMAP];
    Arrays.fill(bitmap, (byte) 0xFF);
    BlockPositions blocks = new BlockPositions(sparse.end(), BITMAP + BLOCK);
    contents.into(
        image,
        BLOCK,
        at -> {
          int block = (int) (at / BLOCK);
          if (!blocks.has(block)) {
            long place = blocks.add(block);
            sparse.table().putInt(block * Integer.BYTES, (int) (place / VhdFooter.LENGTH));
            image.write(place, ByteBuffer.wrap(bitmap));
          }
          return blocks.of(block) + BITMAP + at % BLOCK;
        });
    image.write(TABLE_AT, sparse.table());
    image.write(blocks.end(), footer.encode());
  }

  void differencing(VhdFooter footer, Path parentFile, VhdFooter parent) throws IOException {
    ParentLink link = ParentLink.to(parentFile, DiskFormat.VHD, parent.id(), image.path());
    Map<String, String> places = new LinkedHashMap<>();
    link.absolute().ifPresent(path -> places.put(VhdHeader.WINDOWS_ABSOLUTE, path));
    link.relative().ifPresent(path -> places.put(VhdHeader.WINDOWS_RELATIVE, dotted(path)));
    String name = String.valueOf(parentFile.getFileName());
    Sparse _ = sparse(footer, places, Optional.of(new Parent(parent, name)));
  }

  private record Parent(VhdFooter footer, String name) {}

  /** Windows begins every relative locator with a dot. */
  private static String dotted(String relative) {
    return relative.startsWith("..\\") ? relative : ".\\" + relative;
  }

  /** A block table, and the first position for blocks. */
  private record Sparse(ByteBuffer table, long end) {}

  private Sparse sparse(VhdFooter footer, Map<String, String> places, Optional<Parent> parent)
      throws IOException {
    int blocks = Math.toIntExact((footer.size() + BLOCK - 1) / BLOCK);
    byte[] table = new byte[VhdHeader.space(blocks * Integer.BYTES)];
    Arrays.fill(table, (byte) 0xFF);
    VhdHeader header =
        new VhdHeader(
            TABLE_AT, blocks, BLOCK, parent.map(p -> p.footer().id()).orElse(Guid.NONE), places);
    long at = TABLE_AT + table.length;
    int stamp = parent.map(p -> p.footer().stamp()).orElse(0);
    image.write(0, footer.encode());
    image.write(VhdFooter.LENGTH, header.encode(stamp, parent.map(Parent::name).orElse(""), at));
    image.write(TABLE_AT, ByteBuffer.wrap(table));
    for (String place : places.values()) {
      byte[] text = place.getBytes(StandardCharsets.UTF_16LE);
      int space = VhdHeader.space(text.length);
      image.write(at, ByteBuffer.wrap(Arrays.copyOf(text, space)));
      at += space;
    }
    image.write(at, footer.encode());
    return new Sparse(ByteBuffer.wrap(table), at);
  }
}
