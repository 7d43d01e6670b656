package dev.keg.backup.tar;

import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The four formats in which GNU tar has recorded where a file has data: in the header block and
 * blocks after it (old), in repeated pax records (0.0), in one record (0.1), before the content
 * (1.0).
 */
final class SparseMap {
  private static final int MAX_EXTENTS = 1 << 20;
  private static final int PAIR = 24;
  private static final int NUMBER = 12;
  private static final int OLD_START = 386;
  private static final int OLD_PAIRS = 4;
  private static final int OLD_CONTINUED = 482;
  private static final int OLD_REALSIZE = 483;
  private static final int MORE_PAIRS = 21;
  private static final int MORE_CONTINUED = 504;
  private static final int MAX_DIGITS = 19;

  /** Provides further blocks of the archive. */
  interface BlockSource {
    TarBlock next() throws Malformed;
  }

  private SparseMap() {}

  static RegularFile old(TarBlock header, BlockSource blocks) throws Malformed {
    long size = header.number(OLD_REALSIZE, NUMBER, "realsize");
    List<Extent> extents = new ArrayList<>();
    addPairs(extents, header, OLD_START, OLD_PAIRS);
    boolean continued = header.at(OLD_CONTINUED) != 0;
    while (continued) {
      TarBlock more = blocks.next();
      addPairs(extents, more, 0, MORE_PAIRS);
      continued = more.at(MORE_CONTINUED) != 0;
    }
    return file(size, extents);
  }

  private static void addPairs(List<Extent> extents, TarBlock block, int start, int pairs)
      throws Malformed {
    for (int i = 0; i < pairs && block.at(start + i * PAIR + NUMBER) != 0; i++) {
      int at = start + i * PAIR;
      add(
          extents,
          block.number(at, NUMBER, "sparse offset"),
          block.number(at + NUMBER, NUMBER, "sparse length"));
    }
  }

  static RegularFile ofRecords(PaxHeader pax, long size) throws Malformed {
    List<Extent> extents = new ArrayList<>();
    List<Long> numbers = pax.sparseNumbers();
    ByteString map = pax.value(PaxKeyword.SPARSE_MAP).orElse(ByteString.EMPTY);
    if (!map.isEmpty()) {
      numbers = new ArrayList<>();
      for (String digits : new String(map.toArray(), StandardCharsets.ISO_8859_1).split(",", -1)) {
        numbers.add(number(digits));
      }
    }
    if (numbers.size() % 2 != 0) {
      throw new Malformed("a sparse map with an offset and no length");
    }
    for (int i = 0; i < numbers.size(); i += 2) {
      add(extents, numbers.get(i), numbers.get(i + 1));
    }
    return file(size, extents);
  }

  /** Format 1.0: decimal lines, a count and then offset and length of each, in whole blocks. */
  static RegularFile ofContent(BlockSource blocks, long size) throws Malformed {
    Lines lines = new Lines(blocks);
    long count = lines.next();
    if (count > MAX_EXTENTS) {
      throw new Malformed("a sparse map of " + count + " areas, more than " + MAX_EXTENTS);
    }
    List<Extent> extents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      add(extents, lines.next(), lines.next());
    }
    return file(size, extents);
  }

  private static void add(List<Extent> extents, long offset, long length) throws Malformed {
    if (extents.size() >= MAX_EXTENTS) {
      throw new Malformed("a sparse map of more than " + MAX_EXTENTS + " areas");
    }
    if (offset < 0 || length < 0) {
      throw new Malformed("a sparse map with a negative number");
    }
    // An empty area only marks the end of a file that ends with a hole.
    if (length > 0) {
      extents.add(extent(offset, length));
    }
  }

  private static Extent extent(long offset, long length) throws Malformed {
    try {
      return new Extent(offset, length);
    } catch (IllegalArgumentException e) {
      throw new Malformed("a sparse map with ", e);
    }
  }

  private static RegularFile file(long size, List<Extent> extents) throws Malformed {
    try {
      return new RegularFile(size, extents);
    } catch (IllegalArgumentException e) {
      throw new Malformed("a sparse map with ", e);
    }
  }

  private static long number(String digits) throws Malformed {
    if (digits.isEmpty()
        || digits.length() > MAX_DIGITS
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Malformed("a sparse map with something that is not a number");
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException _) {
      throw new Malformed("a sparse map with a number beyond 64 bits");
    }
  }

  /** The decimal lines in a run of blocks. */
  private static final class Lines {
    private final BlockSource blocks;
    private TarBlock block;
    private int at;

    Lines(BlockSource blocks) throws Malformed {
      this.blocks = blocks;
      this.block = blocks.next();
    }

    long next() throws Malformed {
      StringBuilder digits = new StringBuilder();
      while (true) {
        if (at == TarBlock.SIZE) {
          block = blocks.next();
          at = 0;
        }
        char c = (char) (block.at(at++) & 0xFF);
        if (c == '\n') {
          return number(digits.toString());
        }
        if (c < '0' || c > '9' || digits.length() > MAX_DIGITS) {
          throw new Malformed("a sparse map with something that is not a number");
        }
        digits.append(c);
      }
    }
  }
}
