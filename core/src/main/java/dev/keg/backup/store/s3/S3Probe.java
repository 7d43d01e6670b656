package dev.keg.backup.store.s3;

import dev.keg.backup.store.StoreException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Tests whether a server enforces conditions. Some support them only for reads and silently
 * overwrite, so a server's documentation is not enough.
 */
final class S3Probe {
  private static final String OPERATION = "probe conditional writes";
  private static final String WRONG = "\"00000000000000000000000000000000\"";

  private final S3Client client;
  private final Puts puts;

  S3Probe(S3Client client, Puts puts) {
    this.client = client;
    this.puts = puts;
  }

  /** Creates a request that writes a record if its version is the expected one. */
  interface Puts {
    S3Request put(String key, String text, String expected);
  }

  /**
   * Throws unless the server enforces conditions of writes; returns whether it does so for
   * deletions.
   */
  boolean run() throws StoreException {
    byte[] nonce = new byte[8];
    new SecureRandom().nextBytes(nonce);
    String key = "probe/%016x".formatted(ByteBuffer.wrap(nonce).getLong());
    S3Answer first = send(puts.put(key, "{}\n", ""));
    if (!first.succeeded()) {
      throw client.failure(OPERATION, first);
    }
    boolean deletes = false;
    try {
      requireRefused("If-None-Match", send(puts.put(key, "{} \n", "")));
      requireRefused("If-Match", send(puts.put(key, "{}  \n", WRONG)));
      deletes = delete(key, WRONG).status() == 412;
    } finally {
      var _ = client.send(OPERATION, S3Request.of("DELETE", client.location().prefix() + key));
    }
    return deletes;
  }

  private S3Answer delete(String key, String expected) throws StoreException {
    return send(
        S3Request.of("DELETE", client.location().prefix() + key).header("if-match", expected));
  }

  private S3Answer send(S3Request request) throws StoreException {
    return client.send(OPERATION, request);
  }

  private void requireRefused(String condition, S3Answer answer) throws StoreException {
    if (answer.status() != 412) {
      throw new StoreException.Failed(
          client.location().address(),
          OPERATION,
          "this server ignores %s (it answered %d, not 412), so two hosts would overwrite each"
                  .formatted(condition, answer.status())
              + " other's records",
          "use a store with conditional writes, such as AWS S3, MinIO or Ceph, or etcd");
    }
  }
}
