package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Native texts: UTF-16LE, ended by two zero bytes. */
public final class WideString {
  /** UNICODE_STRING_MAX_CHARS; a longer text lacks its terminator. */
  private static final int LONGEST = 32_767;

  /** MAX_PATH, less what CreateDirectory reserves for a short name. */
  private static final int LONGEST_PATH = 247;

  private WideString() {}

  public static Memory of(String text) {
    return of(text.toCharArray());
  }

  /** An absolute path for Windows, of any length. */
  static Memory of(Path path) {
    return of(extended(path.toAbsolutePath().toString()));
  }

  /** A prefix removes the limit on a path's length; it is followed by a drive or a server. */
  public static String extended(String path) {
    if (path.length() <= LONGEST_PATH || path.startsWith("/") || path.startsWith("\\\\?\\")) {
      return path;
    }
    return path.startsWith("\\\\") ? "\\\\?\\UNC\\" + path.substring(2) : "\\\\?\\" + path;
  }

  /** Converts a text that the caller clears after use, such as a password. */
  public static Memory of(char[] text) {
    byte[] bytes = StandardCharsets.UTF_16LE.encode(CharBuffer.wrap(text)).array();
    Memory memory = new Memory(2L * text.length + 2);
    memory.write(0, bytes, 0, 2 * text.length);
    memory.setShort(2L * text.length, (short) 0);
    Arrays.fill(bytes, (byte) 0);
    return memory;
  }

  /** Allocates this many characters, including the terminator. */
  public static Memory allocate(int characters) {
    Memory memory = new Memory(2L * characters);
    memory.clear();
    return memory;
  }

  public static String read(Pointer text) {
    return read(text, LONGEST);
  }

  /** Reads a text of at most this many characters. */
  public static String read(Pointer text, int longest) {
    int length = 0;
    while (length < longest && text.getShort(2L * length) != 0) {
      length++;
    }
    return new String(text.getByteArray(0, 2 * length), StandardCharsets.UTF_16LE);
  }

  /** Reads a text in a structure. */
  public static String read(short[] text) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length && text[i] != 0; i++) {
      result.append((char) text[i]);
    }
    return result.toString();
  }

  /** Reads consecutive texts up to an empty one. */
  static List<String> readAll(Pointer texts) {
    List<String> result = new ArrayList<>();
    Pointer at = texts;
    for (String text = read(at); !text.isEmpty(); text = read(at)) {
      result.add(text);
      at = at.share(2L * text.length() + 2);
    }
    return result;
  }
}
