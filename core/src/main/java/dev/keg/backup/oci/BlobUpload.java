package dev.keg.backup.oci;

import dev.keg.backup.oci.Manifest.Descriptor;
import dev.keg.backup.oci.RegistryRequest.Body;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The upload of a blob whose digest is known only at its end. It is sent in chunks; after a broken
 * connection, a chunk resumes at the position that the registry has. A small blob takes a single
 * request.
 */
final class BlobUpload extends PendingObject {
  private static final int LARGEST_CHUNK = 256 << 20;
  private static final int SMALLEST_BUFFER = 1 << 16;
  private static final String OPERATION = "upload";
  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-(\\d{1,18})");

  private final ImageRepository to;
  private final RegistryClient client;
  private final int chunk;
  private final MessageDigest digest = Digest.begin();
  private byte[] buffer = new byte[SMALLEST_BUFFER];
  private int filled;

  /** The number of bytes sent in chunks. */
  private long sent;

  /** Whether the registry refused the last chunk, and so took none of it. */
  private boolean refused;

  private URI location;

  /**
   * @param least the minimum length of a chunk there
   */
  BlobUpload(ImageRepository to, URI location, int least) throws StoreException {
    this.to = to;
    this.client = to.client();
    this.location = location;
    if (least > LARGEST_CHUNK) {
      throw new StoreException.Failed(
          client.image().place(), OPERATION, "the registry requires chunks of " + least, null);
    }
    this.chunk = Math.max(client.chunk(), least);
  }

  @Override
  protected void append(byte[] bytes, int offset, int length) throws StoreException {
    digest.update(bytes, offset, length);
    int taken = 0;
    while (taken < length) {
      if (filled == chunk) {
        sendChunk();
      }
      int count = Math.min(length - taken, chunk - filled);
      reserve(filled + count);
      System.arraycopy(bytes, offset + taken, buffer, filled, count);
      filled += count;
      taken += count;
    }
  }

  private void reserve(int size) {
    if (size > buffer.length) {
      long doubled = Math.max(size, 2L * buffer.length);
      buffer = Arrays.copyOf(buffer, (int) Math.min(doubled, chunk));
    }
  }

  private void sendChunk() throws StoreException {
    long start = sent;
    client.repeat(
        number -> {
          if (number > 1) {
            resume(start);
          }
          int done = (int) (sent - start);
          if (done < filled) {
            patch(new Body(buffer, done, filled - done));
          }
          return sent;
        });
    filled = 0;
  }

  private void patch(Body body) throws StoreException {
    RegistryRequest patch =
        request("PATCH")
            .header("content-type", "application/octet-stream")
            .header("content-range", "%d-%d".formatted(sent, sent + body.length() - 1))
            .body(body);
    HttpResponse<byte[]> answer;
    try {
      answer = client.attempt(OPERATION, patch);
    } catch (StoreException.Unavailable e) {
      refused = e.getCause() == null;
      throw e;
    }
    if (answer.statusCode() != 202 && answer.statusCode() != 204) {
      throw client.failure(OPERATION, answer);
    }
    sent += body.length();
    location = client.location(OPERATION, answer);
  }

  /** Asks how much of the chunk that begins at {@code start} has arrived. */
  private void resume(long start) throws StoreException {
    HttpResponse<byte[]> answer = client.attempt(OPERATION, request("GET"));
    Matcher range = RANGE.matcher(answer.headers().firstValue("range").orElse(""));
    if (answer.statusCode() != 204 || !range.matches()) {
      if (refused) {
        return; // a registry that does not support this refuses a chunk that does not fit
      }
      throw new StoreException.Failed(
          client.image().place(),
          OPERATION,
          "the connection was lost, and the registry has lost what was sent",
          "run it again");
    }
    long last = Long.parseLong(range.group(1));
    // "0-0" also means nothing; a chunk is never a single byte.
    long arrived = last == 0 ? 0 : last + 1;
    if (arrived < start || arrived > start + filled) {
      throw new StoreException.Failed(
          client.image().place(),
          OPERATION,
          "the registry has %d bytes, which is not between %d and %d"
              .formatted(arrived, start, start + filled),
          "run it again");
    }
    sent = arrived;
    location = client.location(OPERATION, answer);
  }

  private RegistryRequest request(String method) {
    return new RegistryRequest(method, location.toString(), to.toWrite());
  }

  @Override
  protected void commit() throws StoreException {
    if (sent > 0 && filled > 0) {
      sendChunk();
    }
    Digest whole = digest();
    String query = location.getRawQuery() == null ? "?" : "&";
    RegistryRequest put =
        new RegistryRequest("PUT", location + query + "digest=" + whole, to.toWrite())
            .header("content-type", "application/octet-stream")
            .body(new Body(buffer, 0, filled));
    client.repeat(
        number -> {
          HttpResponse<byte[]> answer = client.attempt(OPERATION, put);
          // An earlier attempt may have succeeded without its answer arriving.
          boolean done = answer.statusCode() == 201 || (number > 1 && to.has(whole));
          if (!done) {
            throw client.failure(OPERATION, answer);
          }
          return whole;
        });
  }

  private Digest digest() {
    try {
      return Digest.end((MessageDigest) digest.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 can be cloned", e);
    }
  }

  /** The uploaded blob. */
  Descriptor descriptor(String type) {
    return new Descriptor(type, digest(), size().bytes());
  }

  @Override
  protected void discard() throws StoreException {
    client.attempt("cancel the upload", request("DELETE"));
  }
}
