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

/** The end of an archive, through which the rest is found: the footer and the root of the index. */
record ArchiveEnd(IndexRoot root, Footer footer) {
  /** Enough to read most roots together with the footer. */
  private static final int TAIL = 64 << 10;

  static ArchiveEnd read(String name, RangeSource source) {
    int tail = (int) Math.min(TAIL, source.length());
    try {
      return read(name, source, tail, source::read);
    } catch (InvalidArchive e) {
      int footer = Math.min(Footer.SIZE, tail);
      try {
        return read(name, source, footer, (offset, into) -> readAgain(source, offset, into, e));
      } catch (InvalidArchive again) {
        if (again != e) {
          e.addSuppressed(again);
        }
        throw e;
      }
    }
  }

  private static void readAgain(
      RangeSource source, long offset, ByteBuffer into, InvalidArchive why) {
    if (!source.readAgain(offset, into)) {
      throw why;
    }
  }

  /** Reads bytes at an offset. */
  private interface Reader {
    void read(long offset, ByteBuffer into);
  }

  private static ArchiveEnd read(String name, RangeSource source, int size, Reader reader) {
    long length = source.length();
    ByteBuffer tail = ByteBuffer.allocate(size);
    reader.read(length - size, tail);
    byte[] last = new byte[Math.min(Footer.SIZE, tail.capacity())];
    tail.flip().get(tail.limit() - last.length, last);
    if (!Footer.isOne(last)) {
      throw new InvalidArchive(
          name,
          "at its end",
          "it has no index: it was cut off, or was not made by Keg",
          "keg import reads what is there of any tar archive");
    }
    try {
      Footer footer = footer(name, last);
      if (footer.offset() + footer.stored() + Footer.SIZE != length) {
        throw new IllegalArgumentException("the footer does not fit the archive's length");
      }
      ByteBuffer payload = payload(length, tail, footer, reader);
      return new ArchiveEnd(root(name, footer, payload), footer);
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

  private static ByteBuffer payload(long length, ByteBuffer tail, Footer footer, Reader reader) {
    long inTail = footer.offset() - (length - tail.capacity());
    if (inTail >= 0) {
      return tail.duplicate().position((int) inTail).limit((int) inTail + footer.stored());
    }
    ByteBuffer payload = ByteBuffer.allocate(footer.stored());
    reader.read(footer.offset(), payload);
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
