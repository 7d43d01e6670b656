package dev.keg.backup.tar;

import dev.keg.backup.tar.TarBlock.Field;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.Fifo;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.TreePath;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The headers that together describe one file. */
final class TarMember {
  private static final int PERMISSIONS = 07777;

  private final TarLimits limits;
  private PaxHeader global = PaxHeader.NONE;
  private @Nullable PaxHeader local;
  private @Nullable ByteString longName;
  private @Nullable ByteString longLink;
  private @Nullable TarBlock header;
  private @Nullable RegularFile oldSparse;

  TarMember(TarLimits limits) {
    this.limits = limits;
  }

  void pax(PaxHeader header) throws Malformed {
    if (local != null) {
      throw new Malformed("two extended headers for one file");
    }
    local = header;
  }

  void longName(byte[] bytes) throws Malformed {
    if (longName != null) {
      throw new Malformed("two long names for one file");
    }
    longName = withoutFinalNul(bytes);
  }

  void longLink(byte[] bytes) throws Malformed {
    if (longLink != null) {
      throw new Malformed("two long link targets for one file");
    }
    longLink = withoutFinalNul(bytes);
  }

  private static ByteString withoutFinalNul(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return ByteString.of(bytes, 0, end);
  }

  void requireNothingPending() throws Malformed {
    if (local != null || longName != null || longLink != null) {
      throw new Malformed("an extended header without a file");
    }
  }

  void header(TarBlock block, PaxHeader forAll, SparseMap.BlockSource blocks) throws Malformed {
    header = block;
    global = forAll;
    if (block.type() == 'S') {
      oldSparse = SparseMap.old(block, blocks);
    }
  }

  /** How many bytes follow the header, including a sparse map. */
  long size() throws Malformed {
    long size = block().number(Field.SIZE);
    OptionalLong pax = pax().number(PaxKeyword.SIZE);
    if (pax.isEmpty()) {
      return size;
    }
    // A record may have a value that does not fit into the field, but may not contradict it.
    if (pax.getAsLong() <= Field.SIZE.max() && pax.getAsLong() != size) {
      throw new Malformed(
          "a size of %d in the header and of %d in the extended header"
              .formatted(size, pax.getAsLong()));
    }
    return pax.getAsLong();
  }

  Entry entry(SparseMap.BlockSource content) throws Malformed {
    ByteString name = name();
    TreePath path = path("", name);
    try {
      return new Entry(path, kind(name, content), attributes());
    } catch (Malformed e) {
      throw new Malformed("'" + name + "' is refused: " + e.why());
    } catch (IllegalArgumentException e) {
      throw new Malformed("'" + name + "' is refused: ", e);
    }
  }

  private FileKind kind(ByteString name, SparseMap.BlockSource content) throws Malformed {
    char type = block().type();
    boolean slash = !name.isEmpty() && name.at(name.length() - 1) == '/';
    return switch (type) {
      case '0', '\0', '7' -> slash ? slashed() : file(content);
      case 'S' -> sparse(oldSparse);
      case '1' -> new HardLink(path("a hard link to ", linkTarget()));
      case '2' -> new Symlink(linkTarget());
      case '3' -> device(false);
      case '4' -> device(true);
      case '5' -> new Directory();
      case '6' -> new Fifo();
      default -> throw new Malformed("an entry of the type '" + printable(type) + "'");
    };
  }

  /** Before directories had their own type, a trailing slash marked them. */
  private FileKind slashed() throws Malformed {
    if (size() != 0) {
      throw new Malformed("a file with a slash at the end of its name");
    }
    return new Directory();
  }

  private RegularFile file(SparseMap.BlockSource content) throws Malformed {
    PaxHeader pax = pax();
    OptionalLong major = pax.number(PaxKeyword.SPARSE_MAJOR);
    OptionalLong size = pax.number(PaxKeyword.SPARSE_SIZE);
    if (major.isPresent()) {
      if (major.getAsLong() != 1 || pax.number(PaxKeyword.SPARSE_MINOR).orElse(-1) != 0) {
        throw new Malformed("an unknown version of the sparse format");
      }
      return SparseMap.ofContent(
          content, required(pax.number(PaxKeyword.SPARSE_REALSIZE), "GNU.sparse.realsize"));
    }
    if (size.isPresent()) {
      return SparseMap.ofRecords(pax, size.getAsLong());
    }
    return RegularFile.whole(size());
  }

  private static RegularFile sparse(@Nullable RegularFile file) throws Malformed {
    if (file == null) {
      throw new Malformed("a sparse file without a map");
    }
    return file;
  }

  private Device device(boolean block) throws Malformed {
    long major = block().number(Field.DEVMAJOR);
    long minor = block().number(Field.DEVMINOR);
    if (major > Integer.MAX_VALUE || minor > Integer.MAX_VALUE) {
      throw new Malformed("the device number %d:%d".formatted(major, minor));
    }
    return new Device(block, (int) major, (int) minor);
  }

  private Attributes attributes() throws Malformed {
    PaxHeader pax = pax();
    return new Attributes(
        (int) (block().number(Field.MODE) & PERMISSIONS),
        number(PaxKeyword.UID, Field.UID),
        number(PaxKeyword.GID, Field.GID),
        modified(),
        pax.xattrs());
  }

  private long number(ByteString keyword, Field field) throws Malformed {
    OptionalLong local = pax().number(keyword);
    OptionalLong value = local.isPresent() ? local : global.number(keyword);
    return value.isPresent() ? value.getAsLong() : block().number(field);
  }

  private Instant modified() throws Malformed {
    Optional<Instant> local = pax().modified();
    Optional<Instant> value = local.isPresent() ? local : global.modified();
    if (value.isPresent()) {
      return value.get();
    }
    long seconds = block().signedNumber(Field.MTIME);
    return PaxTime.instant(Long.toString(seconds), seconds, 0);
  }

  private ByteString name() throws Malformed {
    Optional<ByteString> sparse =
        pax().value(PaxKeyword.SPARSE_NAME).or(() -> pax().value(PaxKeyword.PATH));
    if (sparse.isPresent()) {
      return sparse.get();
    }
    if (longName != null) {
      return longName;
    }
    ByteString name = block().text(Field.NAME);
    ByteString prefix = block().isPosix() ? block().text(Field.PREFIX) : ByteString.EMPTY;
    return prefix.isEmpty() ? name : prefix.plus(ByteString.utf8("/")).plus(name);
  }

  private ByteString linkTarget() throws Malformed {
    Optional<ByteString> pax = pax().value(PaxKeyword.LINKPATH);
    if (pax.isPresent()) {
      return pax.get();
    }
    return longLink != null ? longLink : block().text(Field.LINKNAME);
  }

  private TreePath path(String prefix, ByteString name) throws Malformed {
    if (name.length() > limits.path()) {
      throw new Malformed(
          "%sa name of %d bytes, more than %d".formatted(prefix, name.length(), limits.path()));
    }
    TreePath path;
    try {
      path = TreePath.parse(name);
    } catch (IllegalArgumentException e) {
      throw new Malformed(prefix + "'" + name + "' is refused: ", e);
    }
    if (path.depth() > limits.depth()) {
      throw new Malformed(
          "%sa path of %d names, more than %d".formatted(prefix, path.depth(), limits.depth()));
    }
    return path;
  }

  private PaxHeader pax() {
    return local == null ? PaxHeader.NONE : local;
  }

  private TarBlock block() throws Malformed {
    if (header == null) {
      throw new Malformed("an extended header without a file");
    }
    return header;
  }

  private static long required(OptionalLong value, String keyword) throws Malformed {
    if (value.isEmpty()) {
      throw new Malformed("the pax keyword '" + keyword + "' is missing");
    }
    return value.getAsLong();
  }

  private static String printable(char c) {
    return ByteString.of((byte) c).toString();
  }
}
