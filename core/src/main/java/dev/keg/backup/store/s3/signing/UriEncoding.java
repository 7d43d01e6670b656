package dev.keg.backup.store.s3.signing;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Percent-encoding exactly as the signature requires: RFC 3986. */
public final class UriEncoding {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private UriEncoding() {}

  public static String encode(String text) {
    return encode(text, UNRESERVED);
  }

  /** Encodes everything but slashes. */
  public static String path(String text) {
    return encode(text, UNRESERVED + "/");
  }

  public static String query(SortedMap<String, String> query) {
    return query.entrySet().stream().map(UriEncoding::pair).collect(Collectors.joining("&"));
  }

  private static String pair(Map.Entry<String, String> entry) {
    return encode(entry.getKey()) + "=" + encode(entry.getValue());
  }

  private static String encode(String text, String plain) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (plain.indexOf(octet) >= 0) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append("%02X".formatted(octet & 0xff));
      }
    }
    return encoded.toString();
  }
}
