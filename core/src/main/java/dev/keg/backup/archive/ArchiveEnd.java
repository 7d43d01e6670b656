package dev.keg.backup.archive;

import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.RegistryException.NewerSchema;
import java.nio.ByteBuffer;
import java.time.DateTimeException;

/** What an archive ends with, and all else is found by: the footer and the root of the index. */
record ArchiveEnd(IndexRoot root, Footer footer) {
  /** Enough for the root of most archives, in one read with the footer. */
  private static final int TAIL = 64 << 10;

  static ArchiveEnd read(String name, RangeSource source) {
    long length = source.length();
    ByteBuffer tail = ByteBuffer.allocate((int) Math.min(TAIL, length));
    source.read(length - tail.capacity(), tail);
    byte[] last = new byte[Math.min(Footer.SIZE, tail.capacity())];
    tail.flip().get(tail.limit() - last.length, last);
    if (!Footer.isOne(last)) {
      throw new InvalidArchive(
          name,
          "at its end",
          "there is no index: it was cut off, or is no archive of Keg's",
          "keg import reads any tar archive as far as it goes");
    }
    try {
      Footer footer = footer(name, last);
      if (footer.offset() + footer.stored() + Footer.SIZE != length) {
        throw new IllegalArgumentException("the footer does not fit the archive's length");
      }
      return new ArchiveEnd(root(name, footer, payload(source, tail, footer)), footer);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      throw new InvalidArchive(name, "in its index", String.valueOf(e.getMessage()));
    }
  }

  private static Footer footer(String name, byte[] bytes) {
    try {
      return Footer.decode(bytes);
    } catch (Footer.Newer e) {
      throw new NewerSchema(name, e.version, Footer.SHARING);
    }
  }

  private static ByteBuffer payload(RangeSource source, ByteBuffer tail, Footer footer) {
    long inTail = footer.offset() - (source.length() - tail.capacity());
    if (inTail >= 0) {
      return tail.duplicate().position((int) inTail).limit((int) inTail + footer.stored());
    }
    ByteBuffer payload = ByteBuffer.allocate(footer.stored());
    source.read(footer.offset(), payload);
    return payload.flip();
  }

  private static IndexRoot root(String name, Footer footer, ByteBuffer payload) {
    if (!Sha256.of(payload).equals(footer.sha256())) {
      throw new IllegalArgumentException("the index is damaged: its hash is wrong");
    }
    byte[] content = Skippable.unpack(Skippable.ROOT, payload, footer.length());
    return IndexRoot.decode(content, footer.version(), name);
  }
}
