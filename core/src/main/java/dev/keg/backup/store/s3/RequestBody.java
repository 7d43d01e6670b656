package dev.keg.backup.store.s3;

import dev.keg.backup.store.http.ArrayBody;
import dev.keg.backup.store.s3.signing.Digests;
import dev.keg.backup.store.s3.signing.Signature;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.charset.StandardCharsets;

/** The body of a request. Its array must not change until the answer arrives. */
final class RequestBody {
  static final RequestBody NONE = new RequestBody(new byte[0], 0, false);

  private final byte[] bytes;
  private final int length;
  private final String md5;
  private final String sha256;

  /** Computes the digests once for all attempts. */
  RequestBody(byte[] bytes, int length, boolean encrypted) {
    this.bytes = bytes;
    this.length = length;
    this.md5 = Digests.md5(bytes, length);
    this.sha256 = encrypted ? Signature.UNSIGNED : Digests.sha256(bytes, length);
  }

  static RequestBody text(String text, boolean encrypted) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new RequestBody(bytes, bytes.length, encrypted);
  }

  int length() {
    return length;
  }

  /** For the header {@code Content-MD5}, which buckets with object lock require. */
  String md5() {
    return md5;
  }

  /** The hash that the signature covers. */
  String hash() {
    return sha256;
  }

  BodyPublisher publisher() {
    return ArrayBody.of(bytes, 0, length);
  }
}
