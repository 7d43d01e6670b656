package dev.keg.backup.archive.write;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The stored bytes of a file, one data area after another: always as many as its header says. If
 * the file has become shorter, or cannot be read, the rest is zeros.
 */
final class StoredContent {
  /** Where the bytes come from. */
  @FunctionalInterface
  interface Source {
    /** See {@link dev.keg.tree.OpenFile#read}. */
    int read(ByteBuffer into, long position);
  }

  private final Source source;
  private final RegularFile kind;
  private final LongConsumer advanced;
  private int extent;
  private long done;
  private boolean cutShort;
  private @Nullable FileFailure failure;

  StoredContent(Source source, RegularFile kind, LongConsumer advanced) {
    this.source = source;
    this.kind = kind;
    this.advanced = advanced;
  }

  /** Fills the buffer up to the limit or the last stored byte. */
  void read(ByteBuffer into) {
    while (into.hasRemaining() && extent < kind.data().size()) {
      Extent area = kind.data().get(extent);
      int wanted = (int) Math.min(into.remaining(), area.length() - done);
      int limit = into.limit();
      into.limit(into.position() + wanted);
      int n = readSome(into, area.offset() + done);
      if (n <= 0) {
        cutShort = true;
        n = wanted;
        zeros(into);
      }
      into.limit(limit);
      advance(area, n);
    }
  }

  /** Skips bytes that an archive already has. */
  void skip(long length) {
    long rest = length;
    while (rest > 0) {
      Extent area = kind.data().get(extent);
      long n = Math.min(rest, area.length() - done);
      advance(area, n);
      rest -= n;
    }
  }

  private void advance(Extent area, long n) {
    done += n;
    advanced.accept(n);
    if (done == area.length()) {
      extent++;
      done = 0;
    }
  }

  private int readSome(ByteBuffer into, long position) {
    try {
      return cutShort ? -1 : source.read(into, position);
    } catch (FileFailure e) {
      failure = e;
      return -1;
    }
  }

  private static void zeros(ByteBuffer into) {
    while (into.hasRemaining()) {
      into.put((byte) 0);
    }
  }

  /** Why not everything could be read. */
  Optional<FileFailure> failure() {
    return Optional.ofNullable(failure);
  }

  boolean wasCutShort() {
    return cutShort;
  }
}
