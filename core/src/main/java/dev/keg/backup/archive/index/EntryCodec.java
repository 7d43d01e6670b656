package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameRef;
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
import java.util.List;
import java.util.Map;

/**
 * One entry of an index page. Numbers that are near those of the entry before are differences to
 * them, so that they are short.
 *
 * <pre>
 * kind and flags  1
 * path            bytes shared with the path before, length of the rest, the rest
 * mode uid gid
 * modified        seconds (difference to the entry before), nanoseconds
 * inode           difference to the entry before
 * changed         seconds (difference to modified), nanoseconds
 * xattrs          if flagged: count, then name and value of each
 * directory, fifo nothing
 * file            size; if flagged holes: count, then gap and length of each data area;
 *                 count of slices, then frame (difference to the slice before), offset, length
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

  private ByteString lastPath = ByteString.EMPTY;
  private long lastModified;
  private long lastInode;
  private int lastFrame;

  void encode(IndexBytes out, IndexedEntry indexed, Map<FrameRef, Integer> places) {
    Entry entry = indexed.entry();
    Attributes attributes = entry.attributes();
    out.number(
        code(entry.kind())
            | (attributes.xattrs().isEmpty() ? 0 : HAS_XATTRS)
            | (hasHoles(entry.kind()) ? HAS_HOLES : 0)
            | (indexed.changedWhileRead() ? CHANGED_WHILE_READ : 0));
    putPath(out, entry.path().bytes());
    out.number(attributes.mode()).number(attributes.uid()).number(attributes.gid());
    putTimes(out, attributes.modified(), indexed.fingerprint());
    if (!attributes.xattrs().isEmpty()) {
      putXattrs(out, attributes.xattrs());
    }
    putKind(out, entry.kind());
    if (entry.kind() instanceof RegularFile) {
      putSlices(out, indexed.slices(), places);
    }
  }

  IndexedEntry decode(IndexInput in, List<FrameRef> frames) {
    int flags = in.count();
    TreePath path = path(in);
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
    List<Slice> slices = kind instanceof RegularFile ? slices(in, frames) : List.of();
    return new IndexedEntry(
        new Entry(path, kind, new Attributes(mode, uid, gid, modified, xattrs)),
        new Fingerprint(lastInode, changed),
        (flags & CHANGED_WHILE_READ) != 0,
        slices);
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

  private void putPath(IndexBytes out, ByteString path) {
    int common = lastPath.commonPrefix(path);
    out.number(common).bytes(path.substring(common, path.length()));
    lastPath = path;
  }

  private TreePath path(IndexInput in) {
    int common = in.count();
    if (common > lastPath.length()) {
      throw new IllegalArgumentException("a path that shares more than there is");
    }
    lastPath = lastPath.substring(0, common).plus(in.bytes());
    return path(lastPath);
  }

  /** Only a path in its one proper form is one of ours. */
  private static TreePath path(ByteString bytes) {
    TreePath path = bytes.isEmpty() ? TreePath.ROOT : TreePath.parse(bytes);
    if (!path.bytes().equals(bytes)) {
      throw new IllegalArgumentException("the path " + bytes);
    }
    return path;
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

  private static void putKind(IndexBytes out, FileKind kind) {
    switch (kind) {
      case Directory _, Fifo _ -> {}
      case RegularFile file -> putFile(out, file);
      case Symlink link -> out.bytes(link.target());
      case HardLink link -> out.bytes(link.target().bytes());
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

  private static FileKind kind(IndexInput in, int flags) {
    return switch (flags & KIND) {
      case DIRECTORY -> new Directory();
      case FILE -> file(in, (flags & HAS_HOLES) != 0);
      case SYMLINK -> new Symlink(in.bytes());
      case HARD_LINK -> new HardLink(path(in.bytes()));
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

  private void putSlices(IndexBytes out, List<Slice> slices, Map<FrameRef, Integer> places) {
    out.number(slices.size());
    for (Slice slice : slices) {
      int frame = places.getOrDefault(slice.frame(), 0);
      out.signed(frame - lastFrame).number(slice.offset()).number(slice.length());
      lastFrame = frame;
    }
  }

  private List<Slice> slices(IndexInput in, List<FrameRef> frames) {
    int count = in.count();
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long frame = lastFrame + in.signed();
      if (frame < 0 || frame >= frames.size()) {
        throw new IllegalArgumentException("a frame that is not there");
      }
      lastFrame = (int) frame;
      slices.add(new Slice(frames.get(lastFrame), in.count(), in.count()));
    }
    return slices;
  }
}
