package dev.keg.backup.restore;

import dev.keg.age.AgeException;
import dev.keg.age.Head;
import dev.keg.age.Payload;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.error.BackupException.InvalidArchive;
import java.nio.ByteBuffer;

/**
 * The decrypted content of an age file, at any offset. A truncated file lacks the end of its
 * content.
 */
final class SealedSource implements RangeSource {
  private final String name;
  private final RangeSource file;
  private final Head head;
  private final long length;

  /** Closing this closes the file. */
  SealedSource(String name, RangeSource file, Head head) {
    this.name = name;
    this.file = file;
    this.head = head;
    length =
        Payload.contentLength(file.length() - head.length())
            .orElseThrow(() -> new InvalidArchive(name, "at its end", "it was cut off"));
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    Payload payload = head.payload(); // not thread-safe
    byte[] chunk = new byte[Payload.CHUNK];
    long at = offset;
    while (into.hasRemaining()) {
      if (at >= length) {
        throw new InvalidArchive(name, "at byte " + at, "it ends too early");
      }
      int from = (int) (at % Payload.CHUNK);
      int count = Math.min(open(at / Payload.CHUNK, payload, chunk) - from, into.remaining());
      into.put(chunk, from, count);
      at += count;
    }
  }

  /** Decrypts a chunk, and returns its length. */
  private int open(long number, Payload payload, byte[] chunk) {
    int content = (int) Math.min(Payload.CHUNK, length - number * Payload.CHUNK);
    ByteBuffer sealed = ByteBuffer.allocate(content + Payload.TAG);
    file.read(head.length() + number * Payload.SEALED, sealed);
    boolean isEnd = (number + 1) * Payload.CHUNK >= length;
    try {
      if (payload.open(number, sealed.array(), 0, sealed.capacity(), chunk) == isEnd) {
        return content;
      }
    } catch (AgeException e) {
      throw damaged(number, String.valueOf(e.getMessage()));
    }
    throw damaged(number, isEnd ? "it was cut off" : "there is data after its end");
  }

  private InvalidArchive damaged(long chunk, String why) {
    return new InvalidArchive(name, "at byte " + chunk * Payload.CHUNK, why);
  }

  @Override
  public void close() {
    file.close();
  }
}
