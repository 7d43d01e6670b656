package dev.keg.driver.local;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A CIFS device such as {@code //server/share}, parsed like Go's net/url because docker uses it:
 * the same texts are refused with the same messages.
 */
record CifsDevice(String prefix, String host, String port, String path) {
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

  /** The text is not a URL. */
  static final class Malformed extends Exception {
    Malformed(String device, String why) {
      super("parse \"" + device + "\": " + why);
    }
  }

  static CifsDevice parse(String device) throws Malformed {
    if (device.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new Malformed(device, "net/url: invalid control character in URL");
    }
    String scheme = scheme(device);
    String rest = scheme.isEmpty() ? device : device.substring(scheme.length() + 1);
    if (!rest.startsWith("//")) {
      refuseColonInFirstSegment(device, scheme, rest);
      checkEscapes(device, rest);
      return new CifsDevice(device, "", "", "");
    }
    int slash = rest.indexOf('/', 2);
    String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    checkEscapes(device, authority);
    checkEscapes(device, path);
    int at = authority.lastIndexOf('@');
    String host = authority.substring(at + 1);
    String prefix = device.substring(0, device.length() - rest.length() + 2 + at + 1);
    int colon = portColon(device, host);
    return colon < 0
        ? new CifsDevice(prefix, host, "", path)
        : new CifsDevice(prefix, host.substring(0, colon), host.substring(colon + 1), path);
  }

  /** The same share with the server's address in place of its name. */
  String withHost(String address) {
    return prefix + address + path;
  }

  /** With {@code %20} and other escapes decoded. */
  static String unescape(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    byte[] escaped = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] == '%' && i + 2 < escaped.length) {
        bytes.write(Integer.parseInt(new String(escaped, i + 1, 2, StandardCharsets.UTF_8), 16));
        i += 2;
      } else {
        bytes.write(escaped[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String scheme(String device) throws Malformed {
    int colon = device.indexOf(':');
    if (colon == 0) {
      throw new Malformed(device, "missing protocol scheme");
    }
    String candidate = colon < 0 ? "" : device.substring(0, colon);
    return SCHEME.matcher(candidate).matches() ? candidate : "";
  }

  private static void refuseColonInFirstSegment(String device, String scheme, String rest)
      throws Malformed {
    int slash = rest.indexOf('/');
    String segment = slash < 0 ? rest : rest.substring(0, slash);
    if (scheme.isEmpty() && segment.indexOf(':') >= 0) {
      throw new Malformed(device, "first path segment in URL cannot contain colon");
    }
  }

  private static void checkEscapes(String device, String path) throws Malformed {
    var bad = BAD_ESCAPE.matcher(path);
    if (bad.find()) {
      String escape = path.substring(bad.start(), Math.min(bad.start() + 3, path.length()));
      throw new Malformed(device, "invalid URL escape \"" + escape + "\"");
    }
  }

  private static int portColon(String device, String host) throws Malformed {
    if (host.indexOf(' ') >= 0) {
      throw new Malformed(device, "invalid character \" \" in host name");
    }
    int bracket = host.lastIndexOf(']');
    if (host.startsWith("[") && bracket < 0) {
      throw new Malformed(device, "missing ']' in host");
    }
    int colon = host.indexOf(':', bracket + 1) < 0 ? -1 : host.lastIndexOf(':');
    if (colon >= 0 && !host.substring(colon + 1).chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Malformed(device, "invalid port \"" + host.substring(colon) + "\" after host");
    }
    return colon;
  }
}
