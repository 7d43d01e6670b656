package dev.keg.backup.store.s3;

import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An answer of a store. */
record S3Answer(int status, HttpHeaders headers, ByteBuffer body) {
  boolean succeeded() {
    return status >= 200 && status < 300;
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  String text() {
    return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
  }
}
