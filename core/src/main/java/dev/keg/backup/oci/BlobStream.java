package dev.keg.backup.oci;

import dev.keg.backup.oci.Manifest.Descriptor;
import dev.keg.backup.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A blob read in order; if the connection breaks, reading resumes from there. The last bytes are
 * delivered only after the digest of the whole is verified.
 */
final class BlobStream extends InputStream {
  private final ImageRepository from;
  private final Descriptor descriptor;
  private final MessageDigest digest = Digest.begin();
  private @Nullable WatchedStream body;
  private long position;

  BlobStream(ImageRepository from, Descriptor descriptor) {
    this.from = from;
    this.descriptor = descriptor;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int wanted = (int) Math.min(length, descriptor.size() - position);
    if (wanted == 0) {
      return length == 0 ? 0 : -1;
    }
    int count = from.client().repeat(_ -> some(bytes, offset, wanted));
    digest.update(bytes, offset, count);
    position += count;
    if (position == descriptor.size()) {
      requireSame();
    }
    return count;
  }

  private int some(byte[] bytes, int offset, int length) throws StoreException {
    try {
      WatchedStream open = body;
      if (open == null) {
        open = from.open(descriptor, position);
        body = open;
      }
      int count = open.read(bytes, offset, length);
      if (count < 0) {
        throw new IOException("it ended at byte " + position);
      }
      return count;
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      close();
      if (Thread.currentThread().isInterrupted() || e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        throw failed("interrupted", e);
      }
      throw new StoreException.Unavailable(
          from.client().image().place(),
          operation(),
          "the connection was lost: " + e.getMessage(),
          e);
    }
  }

  private void requireSame() throws StoreException {
    if (!Digest.end(digest).equals(descriptor.digest())) {
      throw failed("its content has another digest; it was damaged or replaced", null);
    }
  }

  private String operation() {
    return "read " + descriptor.digest();
  }

  private StoreException failed(String why, @Nullable Throwable cause) {
    return new StoreException.Failed(from.client().image().place(), operation(), why, null, cause);
  }

  @Override
  public void close() {
    WatchedStream open = body;
    body = null;
    if (open != null) {
      open.close();
    }
  }
}
