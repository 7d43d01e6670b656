package dev.keg.backup.store.s3;

import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An answer of a store.
 *
 * @param copied the bytes received for the target of the request, including those that did not fit
 */
record S3Answer(int status, HttpHeaders headers, ByteBuffer body, long copied) {
  static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  boolean succeeded() {
    return isSuccess(status);
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  String text() {
    return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
  }
}
