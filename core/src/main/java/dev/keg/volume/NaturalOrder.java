package dev.keg.volume;

import java.util.Collection;
import java.util.List;

/**
 * Docker's order of names: character by character, a digit before any other character, a run of
 * digits by its value and then by fewer leading zeros, a prefix before what it begins.
 */
final class NaturalOrder {
  private static final char RUN = 0;

  private NaturalOrder() {}

  static int compare(String a, String b) {
    return key(a).compareTo(key(b));
  }

  /** The texts in order; each is examined once. */
  static List<String> sort(Collection<String> texts) {
    return texts.stream().map(Keyed::of).sorted().map(Keyed::text).toList();
  }

  /**
   * A text with its key, and the beginning of the key as a number, which most comparisons do not
   * need to look beyond.
   */
  private record Keyed(long begin, String key, String text) implements Comparable<Keyed> {
    static Keyed of(String text) {
      String key = NaturalOrder.key(text);
      return new Keyed(NaturalOrder.begin(key), key, text);
    }

    @Override
    public int compareTo(Keyed other) {
      int order = Long.compareUnsigned(begin, other.begin);
      return order != 0 ? order : key.compareTo(other.key);
    }
  }

  /** A byte for each of the first characters, up to one that exceeds a byte. */
  private static long begin(String key) {
    long begin = 0;
    boolean exceeds = false;
    for (int i = 0; i < Long.BYTES; i++) {
      int next = exceeds || i >= key.length() ? 0 : Math.min(key.charAt(i), 0xff);
      exceeds |= next == 0xff;
      begin = begin << Byte.SIZE | next;
    }
    return begin;
  }

  /**
   * A text whose plain order is this order: for a run of digits, a mark that sorts before any
   * character, the length of its value, the value and the length of the run; other characters
   * follow another mark.
   */
  private static String key(String text) {
    StringBuilder key = new StringBuilder(text.length() + 8);
    int i = 0;
    while (i < text.length()) {
      if (!isDigit(text.charAt(i))) {
        key.append((char) (text.charAt(i) + 1));
        i++;
        continue;
      }
      int end = i;
      while (end < text.length() && isDigit(text.charAt(end))) {
        end++;
      }
      int value = i;
      while (value < end && text.charAt(value) == '0') {
        value++;
      }
      key.append(RUN)
          .append((char) (end - value))
          .append(text, value, end)
          .append((char) (end - i));
      i = end;
    }
    return key.toString();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
