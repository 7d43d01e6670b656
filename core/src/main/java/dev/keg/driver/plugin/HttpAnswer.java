package dev.keg.driver.plugin;

import dev.keg.driver.plugin.HttpHead.Malformed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** An HTTP/1.1 response on a connection that ends with it. */
record HttpAnswer(int status, String body) {
  /** Enough for a list of a hundred thousand volumes. */
  private static final int LONGEST = 16 << 20;

  private static final int LONGEST_LINE = 1 << 10;

  static HttpAnswer read(InputStream in) throws IOException {
    List<String> head = HttpHead.read(in);
    if (head.isEmpty() || !head.getFirst().matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
      throw new Malformed(head.isEmpty() ? "it is empty" : "it is not HTTP/1.1");
    }
    return new HttpAnswer(
        Integer.parseInt(head.getFirst().substring(9, 12)),
        new String(body(in, HttpHead.headers(head)), StandardCharsets.UTF_8));
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunks(in);
    }
    String length = headers.get("content-length");
    if (length == null) {
      byte[] body = in.readNBytes(LONGEST + 1);
      requireSize(body.length);
      return body;
    }
    if (!length.matches("\\d{1,18}")) {
      throw new Malformed("its length is not a number");
    }
    return exactly(in, Long.parseLong(length));
  }

  private static byte[] exactly(InputStream in, long length) throws IOException {
    requireSize(length);
    byte[] body = in.readNBytes((int) length);
    if (body.length < length) {
      throw new Malformed("it is cut off");
    }
    return body;
  }

  private static void requireSize(long length) throws Malformed {
    if (length > LONGEST) {
      throw new Malformed("it is longer than %d MiB".formatted(LONGEST >> 20));
    }
  }

  /**
   * Each chunk consists of its length in hexadecimal, its bytes and a line break; the last one is
   * empty.
   */
  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(in).split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,8}")) {
        throw new Malformed("a chunk has no length");
      }
      long length = Long.parseLong(size, 16);
      if (length == 0) {
        return body.toByteArray();
      }
      requireSize(body.size() + length);
      body.write(exactly(in, length));
      if (!line(in).isEmpty()) {
        throw new Malformed("a chunk does not end where it says");
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() == LONGEST_LINE) {
        throw new Malformed("it is cut off");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }
}
