package dev.keg.backup.extract;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.Enumeration;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.X7875_NewUnix;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The entries of a zip archive, with the modes, owners and times that Unix programs record. */
final class ZipSource implements EntrySource, AutoCloseable {
  private static final int DIRECTORY_MODE = 0755;
  private static final int FILE_MODE = 0644;
  private static final int PERMISSIONS = 07777;
  private static final int MAX_TARGET = 4096;

  private final String archive;
  private final int ratio;
  private final SeekableByteChannel channel;
  private final long size;
  private final ZipFile zip;
  private final Enumeration<ZipArchiveEntry> entries;
  private final CRC32 crc = new CRC32();
  private @Nullable ZipArchiveEntry current;
  private InputStream content = InputStream.nullInputStream();
  private long rest;
  private long unpacked;

  ZipSource(String archive, SeekableByteChannel channel, int ratio) {
    this.archive = archive;
    this.ratio = ratio;
    this.channel = channel;
    try {
      size = channel.size();
      zip = ZipFile.builder().setSeekableByteChannel(channel).get();
    } catch (IOException e) {
      throw new InvalidArchive(archive, "in its directory", String.valueOf(e.getMessage()));
    }
    requireApart();
    entries = zip.getEntriesInPhysicalOrder();
  }

  /** Refuses entries that overlap: they would unpack to far more than the archive holds. */
  private void requireApart() {
    long end = 0;
    Enumeration<ZipArchiveEntry> all = zip.getEntriesInPhysicalOrder();
    while (all.hasMoreElements()) {
      ZipArchiveEntry entry = all.nextElement();
      if (entry.getLocalHeaderOffset() < end) {
        throw refused(entry, "it overlaps another entry");
      }
      end = entry.getDataOffset() + entry.getCompressedSize();
    }
  }

  @Override
  public Optional<Entry> next() {
    if (!entries.hasMoreElements()) {
      return Optional.empty();
    }
    ZipArchiveEntry next = entries.nextElement();
    current = next;
    try {
      // Only for progress: whoever watches the channel sees how far the archive is read.
      var _ = channel.position(next.getLocalHeaderOffset());
      return Optional.of(entry(next));
    } catch (IOException | IllegalArgumentException e) {
      throw refused(next, String.valueOf(e.getMessage()));
    }
  }

  private InvalidArchive refused(ZipArchiveEntry entry, String why) {
    return new InvalidArchive(archive, name(entry).toString(), why);
  }

  private static ByteString name(ZipArchiveEntry entry) {
    return ByteString.of(entry.getRawName());
  }

  private Entry entry(ZipArchiveEntry from) throws IOException {
    if (!zip.canReadEntryData(from)) {
      throw new IOException("it is encrypted, or compressed in an unknown way");
    }
    RatioGuard.check(archive, from.getSize(), from.getCompressedSize(), ratio);
    unpacked += Math.max(0, from.getSize());
    RatioGuard.check(archive, unpacked, size, ratio);
    TreePath path = TreePath.parse(name(from));
    int mode = from.getUnixMode() & PERMISSIONS;
    if (mode == 0) {
      mode = from.isDirectory() ? DIRECTORY_MODE : FILE_MODE;
    }
    FileKind kind = kind(from);
    long uid = 0;
    long gid = 0;
    if (from.getExtraField(new X7875_NewUnix().getHeaderId()) instanceof X7875_NewUnix owner) {
      uid = owner.getUID();
      gid = owner.getGID();
    }
    return new Entry(
        path,
        kind,
        new Attributes(mode, uid, gid, from.getLastModifiedTime().toInstant(), Xattrs.NONE));
  }

  private FileKind kind(ZipArchiveEntry from) throws IOException {
    if (from.isDirectory()) {
      return new Directory();
    }
    if (from.isUnixSymlink()) {
      try (InputStream target = zip.getInputStream(from)) {
        return new Symlink(ByteString.of(target.readNBytes(MAX_TARGET)));
      }
    }
    content.close();
    content = zip.getInputStream(from);
    rest = from.getSize();
    crc.reset();
    return RegularFile.whole(rest);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    if (current == null || rest == 0) {
      return -1;
    }
    try {
      int n = content.read(bytes, offset, (int) Math.min(length, rest));
      if (n < 0) {
        throw new IOException("it ends too early");
      }
      crc.update(bytes, offset, n);
      rest -= n;
      if (rest == 0 && crc.getValue() != current.getCrc()) {
        throw new IOException("its checksum is wrong");
      }
      return n;
    } catch (IOException e) {
      throw refused(current, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    try {
      content.close();
      zip.close();
    } catch (IOException e) {
      throw new InvalidArchive(archive, "at its end", String.valueOf(e.getMessage()));
    }
  }
}
