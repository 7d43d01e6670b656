package dev.keg.backup.archive;

import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.error.VolumeException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The end of an archive, through which the rest is found: the footer and the root of the index. */
record ArchiveEnd(IndexRoot root, Footer footer) {
  /** Enough to read most roots together with the footer. */
  private static final int TAIL = 64 << 10;

  /** Reads the root of the index that a footer describes. */
  private interface RootReader {
    void read(Footer footer, ByteBuffer into);
  }

  static ArchiveEnd read(String name, RangeSource source) {
    int size = (int) Math.min(TAIL, source.length());
    ByteBuffer tail = ByteBuffer.allocate(size);
    try {
      source.read(source.length() - size, tail);
      RootReader root = (footer, into) -> source.read(footer.offset(), into);
      return read(name, source.length(), tail.flip(), root);
    } catch (InvalidArchive | NewerSchema e) {
      return readAgain(name, source, e);
    }
  }

  /** Tries each copy of the footer with each copy of the root. */
  private static ArchiveEnd readAgain(String name, RangeSource source, VolumeException why) {
    RootReader root =
        (footer, into) -> {
          if (!source.readAgain(
              footer.offset(), into, copy -> Sha256.of(copy).equals(footer.sha256()))) {
            throw new InvalidArchive(name, "in its index", "no copy of it has the right hash");
          }
        };
    List<ArchiveEnd> found = new ArrayList<>();
    Predicate<ByteBuffer> sound =
        copy -> {
          try {
            return found.add(read(name, source.length(), copy, root));
          } catch (InvalidArchive | NewerSchema e) {
            why.addSuppressed(e);
            return false;
          }
        };
    int size = (int) Math.min(Footer.SIZE, source.length());
    if (!source.readAgain(source.length() - size, ByteBuffer.allocate(size), sound)) {
      throw why;
    }
    return found.getFirst();
  }

  private static ArchiveEnd read(String name, long length, ByteBuffer tail, RootReader reader) {
    byte[] last = new byte[Math.min(Footer.SIZE, tail.limit())];
    tail.get(tail.limit() - last.length, last);
    if (!Footer.isOne(last)) {
      throw new InvalidArchive(
          name,
          "at its end",
          "it has no index: it was cut off, or was not made by Keg",
          "`keg import` reads whatever is left of a tar archive");
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

  private static ByteBuffer payload(
      long length, ByteBuffer tail, Footer footer, RootReader reader) {
    long inTail = footer.offset() - (length - tail.limit());
    if (inTail >= 0) {
      return tail.duplicate().position((int) inTail).limit((int) inTail + footer.stored());
    }
    ByteBuffer payload = ByteBuffer.allocate(footer.stored());
    reader.read(footer, payload);
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
