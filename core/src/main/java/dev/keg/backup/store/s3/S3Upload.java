package dev.keg.backup.store.s3;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The upload of an object to a bucket: a single request if it fits into one part, otherwise a
 * multipart upload.
 */
final class S3Upload extends PendingObject {
  private static final int SMALLEST_BUFFER = 1 << 16;

  private final S3Client client;
  private final ObjectName name;
  private final PartSizes sizes;
  private final Optional<Versions> lock;
  private byte[] buffer = new byte[SMALLEST_BUFFER];
  private int filled;
  private @Nullable Multipart multipart;

  /**
   * @param lock locks the object, unless it is empty
   */
  S3Upload(S3Client client, ObjectName name, PartSizes sizes, Optional<Versions> lock) {
    this.lock = lock;
    this.client = client;
    this.name = name;
    this.sizes = sizes;
  }

  @Override
  protected void append(byte[] bytes, int offset, int length) throws StoreException {
    int taken = 0;
    while (taken < length) {
      if (filled == partSize()) {
        sendPart();
      }
      int count = Math.min(length - taken, partSize() - filled);
      reserve(filled + count);
      System.arraycopy(bytes, offset + taken, buffer, filled, count);
      filled += count;
      taken += count;
    }
  }

  private int partSize() {
    return sizes.of(multipart == null ? 1 : multipart.nextNumber());
  }

  /** Grows the buffer as needed, since most objects are small. */
  private void reserve(int size) {
    if (size > buffer.length) {
      long doubled = Math.max(size, 2L * buffer.length);
      buffer = Arrays.copyOf(buffer, (int) Math.min(doubled, partSize()));
    }
  }

  private void sendPart() throws StoreException {
    if (multipart == null) {
      multipart = Multipart.begin(client, name, this::locked);
    }
    if (multipart.nextNumber() > PartSizes.MOST_PARTS) {
      throw new StoreException.Failed(
          client.location().address(),
          "write " + name,
          "it is larger than the %s that its %d parts can hold"
              .formatted(sizes.most().humanBinary(), PartSizes.MOST_PARTS),
          "back up with --full, so that parts are sized for the volume as it is now");
    }
    buffer = multipart.send(buffer, filled);
    filled = 0;
  }

  @Override
  protected void commit() throws StoreException {
    if (multipart == null) {
      putWhole();
    } else {
      sendPart();
      multipart.complete(size());
    }
    if (lock.isPresent()) {
      lock.get().requireLocked(name);
    }
  }

  private S3Request locked(S3Request write) {
    return lock.map(versions -> versions.locked(write)).orElse(write);
  }

  private void putWhole() throws StoreException {
    RequestBody body = new RequestBody(buffer, filled, client.location().encrypted());
    S3Request request = S3Request.of("PUT", client.location().key(name)).body(body);
    new ConditionalWrite(client, name, size()).send(locked(request));
  }

  @Override
  protected void discard() throws StoreException {
    if (multipart != null) {
      multipart.abort();
    }
  }
}
