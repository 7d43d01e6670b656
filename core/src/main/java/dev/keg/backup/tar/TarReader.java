package dev.keg.backup.tar;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive from front to end. Between two calls of {@link #next()}, {@link #read} gives
 * the stored bytes of a regular file, which belong to its data areas in order. Malformed, truncated
 * or ambiguous input is an {@link InvalidArchive} with position and reason.
 */
public final class TarReader {
  private static final int SKIP = 64 << 10;

  private final String archive;
  private final InputStream in;
  private final TarLimits limits;
  private long position;
  private long entries;
  private long content;
  private int padding;
  private @Nullable Entry current;
  private Optional<ByteString> comment = Optional.empty();
  private PaxHeader global = PaxHeader.NONE;

  public TarReader(String archive, InputStream in, TarLimits limits) {
    this.archive = archive;
    this.in = in;
    this.limits = limits;
  }

  /** Whether these first bytes of a file are a tar header. */
  public static boolean isHeader(byte[] first) {
    return first.length >= TarBlock.SIZE && new TarBlock(first, 0).checksumHolds();
  }

  /** The next file; empty at the end of the archive, once everything was read. */
  public Optional<Entry> next() {
    try {
      skipContent();
      current = null;
      Optional<TarMember> member = nextMember();
      if (member.isEmpty()) {
        return Optional.empty();
      }
      Entry entry = entry(member.get());
      if (++entries > limits.entries()) {
        throw new Malformed("more than " + limits.entries() + " entries");
      }
      current = entry;
      return Optional.of(entry);
    } catch (Malformed e) {
      throw invalid(e.why());
    }
  }

  /** The text of the archive's global header, available after the first entry. */
  public Optional<ByteString> comment() {
    return comment;
  }

  /** Reads stored bytes of the current file; -1 after the last. */
  public int read(byte[] bytes, int offset, int length) {
    if (content == 0) {
      return -1;
    }
    int wanted = (int) Math.min(length, content);
    try {
      fill(bytes, offset, wanted);
    } catch (Malformed e) {
      throw invalid(e.why());
    }
    content -= wanted;
    return wanted;
  }

  private Entry entry(TarMember member) throws Malformed {
    content = member.size();
    padding = TarEncoder.padding(content);
    Entry entry = member.entry(this::contentBlock);
    if (entry.kind() instanceof RegularFile file) {
      if (file.stored() != content) {
        throw new Malformed(
            "a sparse map of %d bytes and a content of %d".formatted(file.stored(), content));
      }
    } else if (content != 0) {
      throw new Malformed("a content of " + content + " bytes, and it is not a regular file");
    }
    return entry;
  }

  /** A block of a sparse map that precedes the content and counts as content. */
  private TarBlock contentBlock() throws Malformed {
    if (content < TarBlock.SIZE) {
      throw new Malformed("a sparse map longer than the content");
    }
    content -= TarBlock.SIZE;
    return readBlock();
  }

  private Optional<TarMember> nextMember() throws Malformed {
    TarMember member = new TarMember(limits);
    while (true) {
      TarBlock block = readHeader(member);
      if (block == null) {
        return Optional.empty();
      }
      switch (block.type()) {
        case 'g' -> readGlobal(payload(block));
        case 'x', 'X' -> member.pax(PaxHeader.parse(payload(block), limits));
        case 'L' -> member.longName(payload(block));
        case 'K' -> member.longLink(payload(block));
        // GNU's name for the whole archive.
        case 'V' -> payload(block);
        default -> {
          member.header(block, global, this::readBlock);
          return Optional.of(member);
        }
      }
    }
  }

  private void readGlobal(byte[] bytes) throws Malformed {
    PaxHeader header = PaxHeader.parse(bytes, limits);
    header.requireGlobal();
    comment = comment.or(() -> header.value(PaxKeyword.COMMENT));
    global = header;
  }

  private @Nullable TarBlock readHeader(TarMember member) throws Malformed {
    TarBlock block = readBlock();
    if (!block.isZero()) {
      if (!block.checksumHolds()) {
        throw new Malformed(
            position == TarBlock.SIZE
                ? "it is not a tar archive"
                : "the checksum of the header is wrong");
      }
      return block;
    }
    member.requireNothingPending();
    requireOnlyZeros();
    return null;
  }

  /**
   * After the two blocks of zeros that end an archive, only padding may follow, not another
   * archive.
   */
  private void requireOnlyZeros() throws Malformed {
    byte[] bytes = new byte[SKIP];
    for (int n = readSome(bytes, 0, SKIP); n >= 0; n = readSome(bytes, 0, SKIP)) {
      for (int i = 0; i < n; i++) {
        if (bytes[i] != 0) {
          throw new Malformed("more data after the end of the archive");
        }
      }
    }
  }

  private byte[] payload(TarBlock block) throws Malformed {
    long size = block.number(TarBlock.Field.SIZE);
    if (size > limits.paxHeader()) {
      throw new Malformed(
          "an extended header of %d bytes, more than %d".formatted(size, limits.paxHeader()));
    }
    byte[] bytes = new byte[(int) size + TarEncoder.padding(size)];
    fill(bytes, 0, bytes.length);
    return Arrays.copyOf(bytes, (int) size);
  }

  private void skipContent() throws Malformed {
    byte[] bytes = new byte[(int) Math.min(SKIP, content + padding)];
    long rest = content + padding;
    while (rest > 0) {
      int n = (int) Math.min(bytes.length, rest);
      fill(bytes, 0, n);
      rest -= n;
    }
    content = 0;
    padding = 0;
  }

  private TarBlock readBlock() throws Malformed {
    byte[] bytes = new byte[TarBlock.SIZE];
    fill(bytes, 0, TarBlock.SIZE);
    return new TarBlock(bytes, 0);
  }

  private void fill(byte[] bytes, int offset, int length) throws Malformed {
    int done = 0;
    while (done < length) {
      int n = readSome(bytes, offset + done, length - done);
      if (n < 0) {
        throw new Malformed("the archive is cut off here");
      }
      done += n;
    }
  }

  private int readSome(byte[] bytes, int offset, int length) throws Malformed {
    try {
      int n = in.read(bytes, offset, length);
      position += Math.max(0, n);
      return n;
    } catch (IOException e) {
      throw new Malformed("it cannot be read any further: " + e.getMessage());
    }
  }

  private InvalidArchive invalid(String why) {
    String where = "at byte " + position;
    return new InvalidArchive(
        archive, current == null ? where : "in " + current.path() + ", " + where, why);
  }
}
