package dev.keg.tree;

import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * Converts names between bytes and Java's paths. A path built from text loses bytes that are not
 * UTF-8; the URI of a path preserves them all.
 */
public final class PortablePaths {
  private static final char REPLACEMENT = '\uFFFD';

  private final Path root;

  public PortablePaths(Path root) {
    this.root = root;
  }

  public Path path(TreePath path) {
    if (path.isRoot()) {
      return root;
    }
    try {
      return root.resolve(path.bytes().utf8());
    } catch (CharacterCodingException _) {
      return exact(path.bytes());
    }
  }

  private Path exact(ByteString bytes) {
    if (!isDefault()) {
      throw new IllegalArgumentException("a name that is not UTF-8: " + bytes);
    }
    String prefix = root.toUri().getRawPath();
    StringBuilder text = new StringBuilder(prefix.endsWith("/") ? prefix : prefix + "/");
    for (byte b : bytes.toArray()) {
      text.append(b == '/' ? "/" : "%%%02X".formatted(b & 0xFF));
    }
    return root.getFileSystem().provider().getPath(URI.create("file://" + text));
  }

  /** The last name of a path. */
  public ByteString name(Path path) {
    Path name = path.getFileName();
    if (name == null) {
      return ByteString.EMPTY;
    }
    String text = name.toString();
    return text.indexOf(REPLACEMENT) >= 0 && isDefault() ? exactName(path) : ByteString.utf8(text);
  }

  private static ByteString exactName(Path path) {
    String raw = path.toUri().getRawPath();
    int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
    String escaped = raw.substring(raw.lastIndexOf('/', end - 1) + 1, end);
    byte[] bytes = new byte[escaped.length()];
    int length = 0;
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.charAt(i) == '%') {
        bytes[length++] = (byte) Integer.parseInt(escaped, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[length++] = (byte) escaped.charAt(i);
      }
    }
    return ByteString.of(bytes, 0, length);
  }

  private boolean isDefault() {
    return root.getFileSystem().equals(FileSystems.getDefault());
  }
}
