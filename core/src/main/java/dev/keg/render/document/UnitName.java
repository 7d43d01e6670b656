package dev.keg.render.document;

import java.nio.charset.StandardCharsets;

/** Names of systemd units, escaped like systemd-escape(1) does. */
final class UnitName {
  private UnitName() {}

  /** The mount unit of a clean, absolute path. */
  static String ofMount(String path) {
    String inner = path.replaceAll("^/+|/+$", "");
    return (inner.isEmpty() ? "-" : escaped(inner)) + ".mount";
  }

  /** The unit of a device, such as {@code /dev/sdb}. */
  static String ofDevice(String path) {
    return escaped(path.replaceAll("^/+|/+$", "")) + ".device";
  }

  // Slashes become dashes. Bytes other than letters, digits and ":_." are escaped, and so is a
  // leading dot, which would hide the file.
  private static String escaped(String path) {
    StringBuilder name = new StringBuilder();
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      if (c == '/') {
        name.append('-');
      } else if (isPlain(c) && !(c == '.' && i == 0)) {
        name.append(c);
      } else {
        name.append("\\x%02x".formatted((int) c));
      }
    }
    return name.toString();
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == ':'
        || c == '_'
        || c == '.';
  }
}
