package dev.keg.driver.plugin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The head of an HTTP/1.1 message, for both ends of the protocol. */
public final class HttpHead {
  private static final int LONGEST = 1 << 16;

  private HttpHead() {}

  /** The message is not valid HTTP/1.1. */
  public static final class Malformed extends IOException {
    public Malformed(String why) {
      super(why);
    }
  }

  /** The lines up to the empty one; none if the other end has closed the connection. */
  public static List<String> read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int line = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.write(next);
      if (head.size() > LONGEST) {
        throw new Malformed("the head is too long");
      }
      if (next == '\n' && line == 0) {
        return head.toString(StandardCharsets.ISO_8859_1).lines().toList();
      }
      line = next == '\n' ? 0 : line + (next == '\r' ? 0 : 1);
    }
    if (head.size() > 0) {
      throw new Malformed("it is cut off");
    }
    return List.of();
  }

  /** The headers by their lower-case names; for a repeated header, the last one counts. */
  public static SortedMap<String, String> headers(List<String> head) {
    SortedMap<String, String> headers = new TreeMap<>();
    for (String header : head.subList(1, head.size())) {
      String[] pair = header.split(":", 2);
      headers.put(pair[0].toLowerCase(Locale.ROOT), pair.length == 2 ? pair[1].strip() : "");
    }
    return headers;
  }
}
