package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.tree.Attributes;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Encodes an entry of an index page. Numbers that are usually close to those of the previous entry
 * are stored as differences, so that they are short.
 *
 * <pre>
 * kind and flags  1
 * path            as {@link PathCodec} has it
 * mode uid gid
 * modified        seconds (difference to the entry before), nanoseconds
 * inode           difference to the entry before
 * changed         seconds (difference to modified), nanoseconds
 * xattrs          if flagged: count, then name and value of each
 * directory, fifo nothing
 * file            size; if flagged holes: count, then gap and length of each data area;
 *                 then slices, hash and runs as {@link ContentCodec} has them
 * symlink, link   target
 * device          major, minor
 * </pre>
 */
final class EntryCodec {
  private static final int DIRECTORY = 0;
  private static final int FILE = 1;
  private static final int SYMLINK = 2;
  private static final int HARD_LINK = 3;
  private static final int FIFO = 4;
  private static final int CHARACTER = 5;
  private static final int BLOCK = 6;
  private static final int KIND = 0x0F;
  private static final int HAS_XATTRS = 0x10;
  private static final int HAS_HOLES = 0x20;
  private static final int CHANGED_WHILE_READ = 0x40;
  private static final int HAS_HASH = 0x80;
  private static final int HAS_RUNS = 0x100;
  private static final int FLAGS = 0x1FF;

  private final int version;
  private final PathCodec paths;
  private final ContentCodec contents = new ContentCodec();
  private long lastModified;
  private long lastInode;

  private EntryCodec(int version, PathCodec paths) {
    this.version = version;
    this.paths = paths;
  }

  /** For a page of version 1. */
  static EntryCodec absolute() {
    return new EntryCodec(Footer.FIRST, PathCodec.absolute());
  }

  /** Writes a page of version 2 whose entries are all below the base. */
  static EntryCodec writing(TreePath base) {
    return new EntryCodec(Footer.SHARING, PathCodec.writing(base));
  }

  /** Reads a page of version 2 whose first entry has that path. */
  static EntryCodec reading(TreePath first) {
    return new EntryCodec(Footer.SHARING, PathCodec.reading(first));
  }

  void encode(IndexBytes out, IndexedEntry indexed, Map<FrameRef, Integer> places) {
    Entry entry = indexed.entry();
    Attributes attributes = entry.attributes();
    out.number(
        code(entry.kind())
            | (attributes.xattrs().isEmpty() ? 0 : HAS_XATTRS)
            | (hasHoles(entry.kind()) ? HAS_HOLES : 0)
            | (indexed.changedWhileRead() ? CHANGED_WHILE_READ : 0)
            | (hasHash(indexed) ? HAS_HASH : 0)
            | (hasRuns(indexed) ? HAS_RUNS : 0));
    paths.put(out, entry.path());
    out.number(attributes.mode()).number(attributes.uid()).number(attributes.gid());
    putTimes(out, attributes.modified(), indexed.fingerprint());
    if (!attributes.xattrs().isEmpty()) {
      putXattrs(out, attributes.xattrs());
    }
    putKind(out, entry.kind());
    if (entry.kind() instanceof RegularFile) {
      contents.putSlices(out, indexed.slices(), places);
    }
    if (hasHash(indexed)) {
      indexed.content().ifPresent(hash -> ContentCodec.putHash(out, hash));
    }
    if (hasRuns(indexed)) {
      ContentCodec.putRuns(out, indexed.runs());
    }
  }

  private boolean hasRuns(IndexedEntry indexed) {
    return version >= Footer.SHARING && !indexed.runs().isEmpty();
  }

  private boolean hasHash(IndexedEntry indexed) {
    return version >= Footer.SHARING && indexed.content().isPresent();
  }

  IndexedEntry decode(IndexInput in, List<FrameRef> frames) {
    int flags = in.count();
    if (version >= Footer.SHARING && flags > FLAGS) {
      throw new IllegalArgumentException("an entry with unknown flags");
    }
    TreePath path = paths.path(in);
    int mode = in.count();
    long uid = in.number();
    long gid = in.number();
    Instant modified = Instant.ofEpochSecond(lastModified + in.signed(), in.number());
    lastModified = modified.getEpochSecond();
    lastInode += in.signed();
    Instant changed = Instant.ofEpochSecond(lastModified + in.signed(), in.number());
    Xattrs xattrs = (flags & HAS_XATTRS) != 0 ? xattrs(in) : Xattrs.NONE;
    FileKind kind = kind(in, flags);
    if (kind instanceof HardLink link && link.target().equals(path)) {
      throw new IllegalArgumentException(path + " is a hard link to itself");
    }
    List<Slice> slices = kind instanceof RegularFile ? contents.slices(in, frames) : List.of();
    boolean hashed = version >= Footer.SHARING && (flags & HAS_HASH) != 0;
    FrameHash content = hashed ? ContentCodec.hash(in) : null;
    return new IndexedEntry(
        new Entry(path, kind, new Attributes(mode, uid, gid, modified, xattrs)),
        new Fingerprint(lastInode, changed),
        (flags & CHANGED_WHILE_READ) != 0,
        slices,
        Optional.ofNullable(content),
        version >= Footer.SHARING && (flags & HAS_RUNS) != 0 ? ContentCodec.runs(in) : List.of());
  }

  private static int code(FileKind kind) {
    return switch (kind) {
      case Directory _ -> DIRECTORY;
      case RegularFile _ -> FILE;
      case Symlink _ -> SYMLINK;
      case HardLink _ -> HARD_LINK;
      case Fifo _ -> FIFO;
      case Device device -> device.block() ? BLOCK : CHARACTER;
    };
  }

  private static boolean hasHoles(FileKind kind) {
    return kind instanceof RegularFile file && file.hasHoles();
  }

  private void putTimes(IndexBytes out, Instant modified, Fingerprint fingerprint) {
    long seconds = modified.getEpochSecond();
    putTime(out, modified, lastModified);
    out.signed(fingerprint.inode() - lastInode);
    putTime(out, fingerprint.changed(), seconds);
    lastModified = seconds;
    lastInode = fingerprint.inode();
  }

  private static void putTime(IndexBytes out, Instant time, long base) {
    out.signed(time.getEpochSecond() - base).number(time.getNano());
  }

  private static void putXattrs(IndexBytes out, Xattrs xattrs) {
    out.number(xattrs.list().size());
    for (Xattr xattr : xattrs.list()) {
      out.bytes(xattr.name()).bytes(xattr.value());
    }
  }

  private static Xattrs xattrs(IndexInput in) {
    int count = in.count();
    List<Xattr> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(new Xattr(in.bytes(), in.bytes()));
    }
    return Xattrs.of(list);
  }

  private void putKind(IndexBytes out, FileKind kind) {
    switch (kind) {
      case Directory _, Fifo _ -> {}
      case RegularFile file -> putFile(out, file);
      case Symlink link -> out.bytes(link.target());
      case HardLink link -> paths.putTarget(out, link.target());
      case Device device -> out.number(device.major()).number(device.minor());
    }
  }

  private static void putFile(IndexBytes out, RegularFile file) {
    out.number(file.size());
    if (file.hasHoles()) {
      out.number(file.data().size());
      long end = 0;
      for (Extent extent : file.data()) {
        out.number(extent.offset() - end).number(extent.length());
        end = extent.end();
      }
    }
  }

  private FileKind kind(IndexInput in, int flags) {
    return switch (flags & KIND) {
      case DIRECTORY -> new Directory();
      case FILE -> file(in, (flags & HAS_HOLES) != 0);
      case SYMLINK -> new Symlink(in.bytes());
      case HARD_LINK -> new HardLink(paths.target(in));
      case FIFO -> new Fifo();
      case CHARACTER -> new Device(false, in.count(), in.count());
      case BLOCK -> new Device(true, in.count(), in.count());
      default -> throw new IllegalArgumentException("an unknown kind of entry");
    };
  }

  private static RegularFile file(IndexInput in, boolean holes) {
    long size = in.number();
    if (!holes) {
      return RegularFile.whole(size);
    }
    int count = in.count();
    List<Extent> data = new ArrayList<>();
    long end = 0;
    for (int i = 0; i < count; i++) {
      Extent extent = new Extent(end + in.number(), in.number());
      data.add(extent);
      end = extent.end();
    }
    return new RegularFile(size, data);
  }
}
