package dev.keg.cli.template;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Go's strings are bytes, so a template can cut a character in the middle. Such a stray byte is
 * stored in a Java string as an unpaired surrogate, U+DC80 to U+DCFF, and is printed unchanged.
 */
public final class GoText {
  private static final char STRAY = '\uDC00';

  private GoText() {}

  /** The bytes to print for a rendered text, in UTF-8 whatever the locale, as in docker. */
  public static byte[] bytes(String text) {
    int stray = nextStray(text, 0);
    if (stray == text.length()) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[3 * text.length()];
    int size = 0;
    int from = 0;
    while (from < text.length()) {
      byte[] whole = text.substring(from, stray).getBytes(StandardCharsets.UTF_8);
      System.arraycopy(whole, 0, bytes, size, whole.length);
      size += whole.length;
      if (stray < text.length()) {
        bytes[size++] = (byte) (text.charAt(stray) - STRAY);
      }
      from = stray + 1;
      stray = nextStray(text, from);
    }
    return Arrays.copyOf(bytes, size);
  }

  private static int nextStray(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isStray(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)))) {
        return i;
      }
    }
    return text.length();
  }

  public static boolean isStray(int codePoint) {
    return codePoint >= STRAY + 0x80 && codePoint <= STRAY + 0xFF;
  }

  public static int strayByte(int codePoint) {
    return codePoint - STRAY;
  }

  public static int length(String text) {
    return bytes(text).length;
  }

  public static String slice(String text, int from, int to) {
    return of(Arrays.copyOfRange(bytes(text), from, to));
  }

  public static int compare(String a, String b) {
    return Arrays.compareUnsigned(bytes(a), bytes(b));
  }

  /** Decodes UTF-8; invalid parts are kept byte by byte. */
  public static String of(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    int from = 0;
    while (from < bytes.length) {
      int size = characterSize(bytes, from);
      if (size == 0) {
        text.append((char) (STRAY + Byte.toUnsignedInt(bytes[from])));
        from++;
      } else {
        text.append(new String(bytes, from, size, StandardCharsets.UTF_8));
        from += size;
      }
    }
    return text.toString();
  }

  /** The length in bytes of the character at this position; 0 if it is not valid UTF-8. */
  private static int characterSize(byte[] bytes, int from) {
    int first = Byte.toUnsignedInt(bytes[from]);
    if (first < 0x80) {
      return 1;
    }
    int size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || from + size > bytes.length) {
      return 0;
    }
    String decoded = new String(bytes, from, size, StandardCharsets.UTF_8);
    boolean replaced = decoded.indexOf('\uFFFD') >= 0 && !isReplacement(bytes, from);
    return replaced || decoded.codePointCount(0, decoded.length()) != 1 ? 0 : size;
  }

  private static boolean isReplacement(byte[] bytes, int from) {
    return bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBF
        && bytes[from + 2] == (byte) 0xBD;
  }
}
