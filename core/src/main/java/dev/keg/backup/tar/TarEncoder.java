package dev.keg.backup.tar;

import dev.keg.backup.tar.PaxRecords.PaxRecord;
import dev.keg.backup.tar.TarBlock.Field;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.Fifo;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes entries like {@code tar --format=posix --xattrs --acls --sparse}: a pax header for what a
 * ustar header cannot express, the ustar header, and for a file with holes the map of its data.
 * Owners are only numeric, so that no reader maps them to other ids by name.
 */
public final class TarEncoder {
  private static final ByteString HERE = ByteString.utf8("./");
  private static final ByteString SLASH = ByteString.utf8("/");
  private static final ByteString PAX_NAME = ByteString.utf8("./PaxHeaders/");
  private static final int PAX_MODE = 0644;

  private TarEncoder() {}

  /** Everything before the content of the entry, in whole blocks. */
  public static byte[] header(Entry entry) {
    byte[] map =
        entry.kind() instanceof RegularFile file && file.hasHoles() ? sparseMap(file) : new byte[0];
    long size = map.length + (entry.kind() instanceof RegularFile file ? file.stored() : 0);
    List<PaxRecord> records = new ArrayList<>();
    ByteString name = tarName(entry.path(), entry.kind());
    if (map.length > 0) {
      name = sparseRecords(records, name, ((RegularFile) entry.kind()).size(), entry.path());
    } else if (!name.isAscii() || split(name) < 0) {
      records.add(new PaxRecord(PaxKeyword.PATH, name));
    }
    linkRecord(records, linkName(entry.kind()));
    attributeRecords(records, entry.attributes(), size);

    byte[] pax = records.isEmpty() ? new byte[0] : paxHeader(entry, PaxRecords.format(records));
    byte[] out = Arrays.copyOf(pax, pax.length + TarBlock.SIZE + map.length);
    TarBlock block = new TarBlock(out, pax.length);
    putName(block, name);
    block.text(Field.LINKNAME, linkName(entry.kind()));
    putNumbers(block, entry.attributes(), size);
    putKind(block, entry.kind());
    block.seal();
    System.arraycopy(map, 0, out, pax.length + TarBlock.SIZE, map.length);
    return out;
  }

  /** The number of zeros that complete the last block. */
  public static int padding(long stored) {
    return (int) (-stored & (TarBlock.SIZE - 1));
  }

  /** The end of an archive. */
  public static byte[] end() {
    return new byte[2 * TarBlock.SIZE];
  }

  /** A global header that tar programs ignore; it describes the archive. */
  public static byte[] comment(ByteString text) {
    byte[] records = PaxRecords.format(List.of(new PaxRecord(PaxKeyword.COMMENT, text)));
    return paxBlocks('g', ByteString.utf8("./GlobalHead/keg"), Instant.EPOCH, records);
  }

  private static ByteString tarName(TreePath path, FileKind kind) {
    ByteString name = HERE.plus(path.bytes());
    return kind instanceof Directory && !path.isRoot() ? name.plus(SLASH) : name;
  }

  private static ByteString linkName(FileKind kind) {
    return switch (kind) {
      case Symlink link -> link.target();
      case HardLink link -> HERE.plus(link.target().bytes());
      case Directory _, RegularFile _, Fifo _, Device _ -> ByteString.EMPTY;
    };
  }

  private static void linkRecord(List<PaxRecord> records, ByteString link) {
    if (!link.isAscii() || link.length() > Field.LINKNAME.length) {
      records.add(new PaxRecord(PaxKeyword.LINKPATH, link));
    }
  }

  /** The real name goes into a record; a program without support for holes sees another one. */
  private static ByteString sparseRecords(
      List<PaxRecord> records, ByteString name, long realSize, TreePath path) {
    records.add(new PaxRecord(PaxKeyword.SPARSE_MAJOR, ByteString.utf8("1")));
    records.add(new PaxRecord(PaxKeyword.SPARSE_MINOR, ByteString.utf8("0")));
    records.add(new PaxRecord(PaxKeyword.SPARSE_NAME, name));
    records.add(new PaxRecord(PaxKeyword.SPARSE_REALSIZE, number(realSize)));
    ByteString directory = name.substring(0, name.length() - path.name().length());
    return directory.plus(ByteString.utf8("GNUSparseFile.0/")).plus(path.name());
  }

  /**
   * The map of GNU's sparse format 1.0: the number of areas, then offset and length of each, in
   * decimal lines, padded to whole blocks. The last area is empty and marks the end of the file.
   */
  private static byte[] sparseMap(RegularFile file) {
    StringBuilder map = new StringBuilder();
    boolean endsInHole = file.data().isEmpty() || file.data().getLast().end() < file.size();
    map.append(file.data().size() + (endsInHole ? 1 : 0)).append('\n');
    for (Extent extent : file.data()) {
      map.append(extent.offset()).append('\n').append(extent.length()).append('\n');
    }
    if (endsInHole) {
      map.append(file.size()).append("\n0\n");
    }
    byte[] bytes = ByteString.utf8(map.toString()).toArray();
    return Arrays.copyOf(bytes, bytes.length + padding(bytes.length));
  }

  private static void attributeRecords(List<PaxRecord> records, Attributes attributes, long size) {
    Instant modified = attributes.modified();
    if (modified.getNano() != 0
        || modified.getEpochSecond() < 0
        || modified.getEpochSecond() > Field.MTIME.max()) {
      records.add(new PaxRecord(PaxKeyword.MTIME, ByteString.utf8(PaxTime.format(modified))));
    }
    numberRecord(records, PaxKeyword.SIZE, size, Field.SIZE);
    numberRecord(records, PaxKeyword.UID, attributes.uid(), Field.UID);
    numberRecord(records, PaxKeyword.GID, attributes.gid(), Field.GID);
    xattrRecords(records, attributes.xattrs());
  }

  /**
   * An ACL is stored twice: as text for {@code tar --acls}, and as an attribute so that nothing is
   * lost.
   */
  private static void xattrRecords(List<PaxRecord> records, Xattrs xattrs) {
    for (Xattr xattr : xattrs.list()) {
      if (xattr.name().equals(Xattrs.ACCESS_ACL)) {
        aclRecord(records, PaxKeyword.ACL_ACCESS, xattr.value());
      } else if (xattr.name().equals(Xattrs.DEFAULT_ACL)) {
        aclRecord(records, PaxKeyword.ACL_DEFAULT, xattr.value());
      }
      records.add(new PaxRecord(PaxKeyword.ofXattr(xattr.name()), xattr.value()));
    }
  }

  private static void aclRecord(List<PaxRecord> records, ByteString keyword, ByteString attribute) {
    PosixAcl.text(attribute).ifPresent(text -> records.add(new PaxRecord(keyword, text)));
  }

  private static void numberRecord(
      List<PaxRecord> records, ByteString keyword, long value, Field field) {
    if (value > field.max()) {
      records.add(new PaxRecord(keyword, number(value)));
    }
  }

  private static ByteString number(long value) {
    return ByteString.utf8(Long.toString(value));
  }

  private static byte[] paxHeader(Entry entry, byte[] records) {
    ByteString name =
        PAX_NAME.plus(entry.path().isRoot() ? ByteString.utf8(".") : entry.path().name());
    return paxBlocks('x', name, entry.attributes().modified(), records);
  }

  private static byte[] paxBlocks(char type, ByteString name, Instant modified, byte[] records) {
    byte[] out = new byte[TarBlock.SIZE + records.length + padding(records.length)];
    TarBlock block = new TarBlock(out, 0);
    block.text(Field.NAME, name);
    Attributes attributes = new Attributes(PAX_MODE, 0, 0, modified, Xattrs.NONE);
    putNumbers(block, attributes, records.length);
    block.type(type);
    block.seal();
    System.arraycopy(records, 0, out, TarBlock.SIZE, records.length);
    return out;
  }

  /** Truncates a name that does not fit; a pax record has all of it. */
  private static void putName(TarBlock block, ByteString name) {
    int split = split(name);
    if (split > 0) {
      block.text(Field.PREFIX, name.substring(0, split));
      block.text(Field.NAME, name.substring(split + 1, name.length()));
    } else {
      block.text(Field.NAME, name);
    }
  }

  /**
   * The position of the slash between prefix and name, 0 if no prefix is necessary, -1 if the name
   * does not fit.
   */
  private static int split(ByteString name) {
    if (name.length() <= Field.NAME.length) {
      return 0;
    }
    int slash = name.indexOf((byte) '/', name.length() - Field.NAME.length - 1);
    return slash > 0 && slash <= Field.PREFIX.length && slash < name.length() - 1 ? slash : -1;
  }

  private static void putNumbers(TarBlock block, Attributes attributes, long size) {
    block.octal(Field.MODE, attributes.mode());
    block.octal(Field.UID, fitting(attributes.uid(), Field.UID));
    block.octal(Field.GID, fitting(attributes.gid(), Field.GID));
    block.octal(Field.SIZE, fitting(size, Field.SIZE));
    block.octal(Field.MTIME, fitting(attributes.modified().getEpochSecond(), Field.MTIME));
  }

  private static long fitting(long value, Field field) {
    return value >= 0 && value <= field.max() ? value : 0;
  }

  private static void putKind(TarBlock block, FileKind kind) {
    switch (kind) {
      case RegularFile _ -> block.type('0');
      case HardLink _ -> block.type('1');
      case Symlink _ -> block.type('2');
      case Device device -> {
        block.type(device.block() ? '4' : '3');
        block.octal(Field.DEVMAJOR, device.major());
        block.octal(Field.DEVMINOR, device.minor());
      }
      case Directory _ -> block.type('5');
      case Fifo _ -> block.type('6');
    }
  }
}
