package dev.keg.backup.store.s3;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A request before signing.
 *
 * @param key empty for the bucket itself
 * @param limit the maximum length of the answer
 * @param target receives the body of a successful answer, if present
 */
record S3Request(
    String method,
    String key,
    SortedMap<String, String> query,
    SortedMap<String, String> headers,
    RequestBody body,
    int limit,
    Optional<ByteBuffer> target) {
  /** Enough for any error. */
  static final int SMALL_ANSWER = 1 << 16;

  private static final int USUAL_LIMIT = 16 << 20;

  S3Request {
    query = Collections.unmodifiableSortedMap(new TreeMap<>(query));
    headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
  }

  static S3Request of(String method, String key) {
    return new S3Request(
        method,
        key,
        new TreeMap<>(),
        new TreeMap<>(),
        RequestBody.NONE,
        USUAL_LIMIT,
        Optional.empty());
  }

  S3Request query(String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(query);
    more.put(name, value);
    return new S3Request(method, key, more, headers, body, limit, target);
  }

  S3Request header(String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new S3Request(method, key, query, more, body, limit, target);
  }

  S3Request body(RequestBody body) {
    return new S3Request(method, key, query, headers, body, limit, target)
        .header("content-md5", body.md5());
  }

  S3Request limit(int bytes) {
    return new S3Request(method, key, query, headers, body, bytes, target);
  }

  S3Request into(ByteBuffer room) {
    int most = Math.max(room.remaining(), SMALL_ANSWER);
    return new S3Request(method, key, query, headers, body, most, Optional.of(room));
  }
}
